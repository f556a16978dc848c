"""The engine's configuration. Its paths are relative: the engine runs in its own folder."""

from __future__ import annotations

from typing import Final

CONFIG_FILE: Final = "engine.conf"
STORE_FOLDER: Final = "store"
AUTHORITY_FILE: Final = "authority.pem"
#: The engine's certificate and its key.
CERTIFICATE_FILE: Final = "engine.pem"

#: Seconds for a handshake: a loaded computer may need more than the engine's own two.
_HANDSHAKE_S: Final = 10

#: A round of acts has 500 KB at most.
_MAX_PAYLOAD: Final = "1MB"


def engine_config(name: str, listen_on: str, port: int, *, syncs: bool) -> str:
    """Return the configuration: one listener, for the linked servers' certificate only, and a stream's store.

    `listen_on` is an IP address. With `syncs`, what is acknowledged is on the disk; engines before 2.10
    refuse to start with that line.
    """
    sync = "\n  sync_interval: always" if syncs else ""
    return f"""\
# Messango writes this file at each start.
server_name: "{name}"
host: "{listen_on}"
port: {port}
max_payload: {_MAX_PAYLOAD}
tls {{
  cert_file: "{CERTIFICATE_FILE}"
  key_file: "{CERTIFICATE_FILE}"
  ca_file: "{AUTHORITY_FILE}"
  verify: true
  timeout: {_HANDSHAKE_S}
}}
jetstream {{
  store_dir: "{STORE_FOLDER}"{sync}
}}
"""
