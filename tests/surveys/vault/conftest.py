from vault_fixtures import postgres_vault, sqlite_vault, vault

__all__ = ["postgres_vault", "sqlite_vault", "vault"]
