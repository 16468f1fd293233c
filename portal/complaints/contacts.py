"""How to reach a person who complained: kept so that neither the database nor a backup of it can tell.

Each contact is encrypted with a nonce of its own: the same number never looks the same twice, so nothing can
be looked up or counted by it.
"""

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import current_app

from portal import config
from portal.rules.broken import RuleBroken

KEY_FILE = "contact.key"
NONCE = 12


def sealed(contact: str, code: str) -> bytes:
    """The contact as it is stored; it opens for the complaint of this code only."""
    nonce = secrets.token_bytes(NONCE)
    return nonce + _cipher().encrypt(nonce, contact.encode(), code.encode())


def opened(stored: bytes, code: str) -> str:
    """The contact; :class:`RuleBroken` when the key is another one."""
    try:
        return _cipher().decrypt(stored[:NONCE], stored[NONCE:], code.encode()).decode()
    except InvalidTag:
        raise RuleBroken(
            "联系方式打不开：钥匙文件换过。请系统管理员从备份恢复 keys/contact.key。"
        ) from None


def _cipher() -> AESGCM:
    return AESGCM(config.key(current_app.config["INSTANCE"], KEY_FILE))
