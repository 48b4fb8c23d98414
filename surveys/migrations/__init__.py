"""Numbered changes to the tables. Ciphertexts are never migrated: the envelope says its version."""
