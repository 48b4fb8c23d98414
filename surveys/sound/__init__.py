"""Sound: every text that a child meets can be heard.

A clip per text and language. Recordings by people go first; until there are any, stand-ins made by
a speech engine on this machine; failing both, the browser's own voice, when it is a local one.

Clips are the same files for everybody and carry no name, and handing the tablet back or leaving has
the browser clear its cache, so that nothing on the device tells which of them were played.
"""
