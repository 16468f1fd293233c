"""Passwords: hashing (argon2id), the policy of 等保 8.1.4.1, and one-time first passwords.

The policy asks for three of four character classes and a change every 90 days although OWASP ASVS
advises against both: the protection scheme that binds a Chinese county wins (SECURITY A3).
"""

import secrets
import threading
from datetime import datetime, timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from portal.accounts.common_passwords import COMMON
from portal.accounts.models import User

MINIMUM_LENGTH = 12
MAXIMUM_AGE = timedelta(days=90)
REMEMBERED = 5
FIRST_PASSWORD_LIFE = timedelta(hours=72)

_hasher = PasswordHasher()
_at_once = threading.BoundedSemaphore(4)


@cache
def _nobody() -> str:
    """The hash against which an unknown user's password is tried; nothing fits it."""
    return _hasher.hash(secrets.token_hex(16))


def hash_password(password: str) -> str:
    """An argon2id hash; at most four are computed at once, each needs 64 MiB."""
    with _at_once:
        return _hasher.hash(password)


def matches(password_hash: str | None, password: str) -> bool:
    """Whether the password fits; an unknown user costs the same time as a wrong password (A5)."""
    nobody = _nobody()
    with _at_once:
        try:
            return _hasher.verify(password_hash or nobody, password) and bool(password_hash)
        except VerificationError:
            return False


def outdated(password_hash: str) -> bool:
    """Whether the hash was made with older parameters and should be renewed at sign-in."""
    return _hasher.check_needs_rehash(password_hash)


def first_password() -> str:
    """A random one-time password that satisfies the policy."""
    return f"{secrets.token_urlsafe(9)}-Aa{secrets.randbelow(90) + 10}"


def weakness(password: str, user: User, words: tuple[str, ...] = ()) -> str | None:
    """What is wrong with a new password, in plain words, or ``None``.

    ``words`` are names that an attacker would try first: the county's, the office's.
    """
    if len(password) < MINIMUM_LENGTH:
        return f"密码至少 {MINIMUM_LENGTH} 位，现在是 {len(password)} 位。"
    classes = (
        any(c.islower() for c in password),
        any(c.isupper() for c in password),
        any(c.isdigit() for c in password),
        any(not (c.isascii() and c.isalnum()) for c in password),
    )
    if sum(classes) < 3:
        return "密码要包含大写字母、小写字母、数字、符号中的至少三种。"
    plain = password.lower()
    if any(word in plain for word in COMMON) or len(set(plain)) < 6:
        return "这个密码太常见，容易被猜到。请换一个。"
    if any(len(w) >= 2 and w.lower() in plain for w in (user.username, user.name, *words)):
        return "密码里不要包含用户名、姓名或单位名称。"
    return None


def expired(user: User, at: datetime) -> bool:
    """Whether the password is older than 90 days."""
    return user.password_changed_at is not None and at - user.password_changed_at > MAXIMUM_AGE
