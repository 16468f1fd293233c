"""Passwords: how they are kept, which are accepted, how long the first one lives (SECURITY A1-A3)."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher

from portal.accounts import operations, passwords
from portal.accounts.models import Organization, PasswordHistory, User
from portal.clock import real_now
from portal.db import db, unit_of_work
from portal.rules.access import SYSTEM
from portal.rules.broken import RuleBroken
from portal.rules.vocabulary import Role
from tests.client import Client
from tests.conftest import make_app
from tests.web.sign_in import is_signed_in, try_sign_in
from tests.world import PASSWORD

FIRST = "/password"


def change(user, **fields):
    with unit_of_work(SYSTEM, "test"):
        for name, value in fields.items():
            setattr(db.session.get(User, user.id), name, value)


def newcomer(code="dong"):
    """A person with a fresh account and the one-time password that was shown."""
    with unit_of_work(SYSTEM, "test"):
        organization = db.session.scalars(sa.select(Organization).filter_by(code=code)).one()
        user, password = operations.add_user(
            username="newcomer", name="新人", organization=organization, roles=[Role.VILLAGE_CLERK]
        )
    return user, password


def test_a1_only_argon2id_hashes_are_kept(app, world):
    hashes = set(db.session.scalars(sa.select(User.password_hash)))
    hashes |= set(db.session.scalars(sa.select(PasswordHistory.password_hash)))
    assert all(kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$") for kept in hashes)


def test_a1_an_older_hash_is_renewed_when_its_owner_signs_in(app, world):
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    change(world.user("auditor"), password_hash=weak)
    assert try_sign_in(app.test_client(), "auditor").status_code == 303
    db.session.expire_all()
    assert "m=65536,t=3" in world.user("auditor").password_hash


def test_a2_a_new_installation_has_no_account(tmp_path):
    app = make_app(tmp_path, f"sqlite:///{tmp_path / 'portal.db'}")
    with app.app_context():
        db.create_all()
        assert db.session.scalar(sa.select(sa.func.count()).select_from(User)) == 0
        db.session.remove()
        db.engine.dispose()


def test_a2_a_first_password_opens_nothing_but_its_change(app, world):
    _user, password = newcomer()
    http = app.test_client()
    assert try_sign_in(http, "newcomer", password).status_code == 303
    closed = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if "GET" in rule.methods and not rule.arguments
        if getattr(app.view_functions[rule.endpoint], "access", None)
        if http.get(rule.rule).location != FIRST
    ]
    assert closed == [FIRST]


def test_a2_after_the_change_everything_is_open(app, world):
    _user, password = newcomer()
    http = app.test_client()
    try_sign_in(http, "newcomer", password)
    page = http.get(FIRST).text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    chosen = "Baishan-Heishui-77"
    fields = {"csrf_token": token, "old": password, "new": chosen, "again": chosen}
    assert http.post(FIRST, data=fields).status_code == 303
    assert is_signed_in(http)
    assert try_sign_in(app.test_client(), "newcomer", chosen).status_code == 303


@pytest.mark.parametrize(("hours", "status"), [(71, 303), (73, 422)])
def test_a2_a_first_password_dies_after_72_hours(app, world, hours, status):
    user, password = newcomer()
    change(user, first_password_until=user.first_password_until - timedelta(hours=hours))
    assert try_sign_in(app.test_client(), "newcomer", password).status_code == status


def test_a2_each_first_password_is_its_own_and_obeys_the_policy(app, world):
    user = world.user("village_clerk")
    made = {passwords.first_password() for _ in range(200)}
    assert len(made) == 200
    assert [p for p in made if passwords.weakness(p, user)] == []


def test_a3_a_password_of_91_days_must_be_changed_first(app, world):
    change(world.user("auditor"), password_changed_at=real_now() - timedelta(days=91))
    assert Client(app).sign_in("auditor").get("/").location == FIRST


def test_a3_a_password_of_89_days_is_fine(app, world):
    change(world.user("auditor"), password_changed_at=real_now() - timedelta(days=89))
    assert Client(app).sign_in("auditor").get("/").status_code == 200


ACCEPTED = [
    "Qingshan-Lvshui-1",
    "qingshan lvshui 12",
    "绿水青山就是金山银山A1",
    "Zx9!Zx8?Zx7;",
    "hello-World-2023",
    "correct horse Battery staple",
    "P" + "a1-bcdefgh" * 10,
    "ｆｕｌｌＷｉｄｔｈ-ok-9",
]
REFUSED = {
    "": "12 位",
    "Ab1-Ab1-Ab1": "12 位",
    "青山绿水Ab1": "12 位",
    "qingshanlvshui": "三种",
    "QINGSHAN-LVSHUI": "三种",
    "123456789012345": "三种",
    "qingshan1lvshui2": "三种",
    "qingshan lvshui": "三种",
    "Ab1-Ab1-Ab1-Ab1": "太常见",
    "Aaaaaaaaaaa1-": "太常见",
    "Password-2023-x": "太常见",
    "P@ssw0rd-qwzt-9": "太常见",
    "My-Qwerty-2023-z": "太常见",
    "Admin-Qingshan-9": "太常见",
    "Xx-123456-Yy-zz": "太常见",
    "Woaini-5201314-Z": "太常见",
    "Iloveyou-forever-1": "太常见",
    "Acheng-2023-Xz": "太常见",
    "Heilongjiang-9z": "太常见",
    "Zhongguo-Qiang-1": "太常见",
    "Welcome-To-2023z": "太常见",
    "ChangeMe-Now-77": "太常见",
    "Portal-Kx-9921": "太常见",
    "Village_Clerk-77": "用户名",
    "xX-village_clerk9": "用户名",
    "测试1-Kzmwtxyv-9": "用户名",
    "东村-Kzmwtxyv-99": "用户名",
}


@pytest.mark.parametrize("password", ACCEPTED)
def test_a3_a_password_that_is_hard_to_guess_is_accepted(app, world, password):
    assert passwords.weakness(password, world.user("village_clerk"), ("东村",)) is None


@pytest.mark.parametrize(("password", "reason"), REFUSED.items())
def test_a3_a_weak_password_is_refused_with_its_reason(app, world, password, reason):
    assert reason in passwords.weakness(password, world.user("village_clerk"), ("东村",))


def test_a3_none_of_the_last_five_passwords_comes_back(app, world):
    user = world.user("auditor")
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    earlier = [f"Baishan-Heishui-{n}" for n in range(10, 16)]
    with unit_of_work(SYSTEM, "test"):
        for password in earlier:
            row = {"password_hash": quick.hash(password), "changed_at": real_now()}
            db.session.add(PasswordHistory(user_id=user.id, **row))
        db.session.flush()
        for again in earlier[-5:]:
            with pytest.raises(RuleBroken, match="最近 5 次"):
                operations.change_password(user, old=PASSWORD, new=again)
        operations.change_password(user, old=PASSWORD, new=earlier[0])
    assert passwords.matches(user.password_hash, earlier[0])


def test_the_old_password_is_asked_for(app, world):
    with unit_of_work(SYSTEM, "test"), pytest.raises(RuleBroken, match="原密码不对"):
        operations.change_password(world.user("auditor"), old="wrong", new="Baishan-Heishui-1")


def test_a4_guessing_the_old_password_is_throttled(app, client, world):
    client.sign_in("auditor")
    new = {"new": "Kuaile-2023-Hecheng", "again": "Kuaile-2023-Hecheng"}
    wrong = [client.post("/password", {"old": f"wrong-{n}", **new}) for n in range(5)]
    late = client.post("/password", {"old": PASSWORD, **new})
    assert {answer.status_code for answer in wrong} == {422}
    assert (late.status_code, "输错次数太多" in late.text) == (422, True)


def test_a4_a_right_old_password_is_never_counted_as_a_guess(app, client, world):
    client.sign_in("auditor")
    weak = {"old": PASSWORD, "new": "123", "again": "123"}
    assert {client.post("/password", weak).status_code for _ in range(6)} == {422}
    good = {"old": PASSWORD, "new": "Kuaile-2023-Hecheng", "again": "Kuaile-2023-Hecheng"}
    assert client.post("/password", good).status_code == 303
