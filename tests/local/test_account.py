import os
import pwd
import subprocess
from pathlib import Path

import pytest

from deploy.local.account import Account, data_place, ordinary_account, runnable_copy
from deploy.local.errors import Stop

NOBODY = pwd.getpwnam("nobody")


def test_an_ordinary_user_stays_who_they_are() -> None:
    assert ordinary_account(uid=1000).user is None


def test_root_becomes_the_first_user_that_exists() -> None:
    account = ordinary_account(uid=0, known=["no-such-user", "nobody"])
    assert (account.name, account.user, account.group) == ("nobody", NOBODY.pw_uid, NOBODY.pw_gid)
    assert account.extra_groups == []


def test_root_without_any_other_user_is_one_sentence() -> None:
    with pytest.raises(Stop, match="refuses to run as root"):
        ordinary_account(uid=0, known=["no-such-user"])


def test_data_stays_in_a_home_the_user_may_enter(tmp_path: Path) -> None:
    ourselves = ordinary_account(uid=1000)
    assert data_place(tmp_path, ourselves, shared=tmp_path / "shared") == tmp_path


class Closed(Account):
    """A user whom the kernel keeps out: what `nobody` is below a folder of mode 700."""

    def may_enter(self, path: Path) -> bool:
        return False

    def may_run(self, program: Path) -> bool:
        return False


CLOSED = Closed(name="nobody", user=None, group=None)


def test_data_moves_to_a_place_that_goes_by_the_home(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    one = data_place(tmp_path / "one", CLOSED, shared=shared)
    other = data_place(tmp_path / "other", CLOSED, shared=shared)
    assert one.parent == other.parent == shared
    assert one != other
    assert data_place(tmp_path / "one", CLOSED, shared=shared) == one


def test_programs_nobody_may_run_are_copied_once(tmp_path: Path) -> None:
    package = tmp_path / "wheel" / "redis"
    (package / "bin").mkdir(parents=True)
    program = package / "bin" / "serve"
    program.write_text("#!/bin/sh\necho served\n")
    program.chmod(0o700)
    (package / "readme").write_text("words")
    (package / "readme").chmod(0o600)
    copy = runnable_copy(package, "bin/serve", CLOSED, shared=tmp_path / "shared")
    assert subprocess.run([copy / "bin" / "serve"], capture_output=True).stdout == b"served\n"
    assert (copy / "bin" / "serve").stat().st_mode & 0o777 == 0o755
    assert (copy / "readme").stat().st_mode & 0o777 == 0o644
    assert runnable_copy(package, "bin/serve", CLOSED, shared=tmp_path / "shared") == copy


def test_the_kernel_is_asked_as_that_user(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        assert ordinary_account(uid=os.geteuid()).may_enter(tmp_path)
        return
    nobody = ordinary_account(uid=0, known=["nobody"])
    assert nobody.may_enter(Path("/usr/bin"))
    tmp_path.chmod(0o700)
    assert not nobody.may_enter(tmp_path)
    assert nobody.may_run(Path("/bin/sh"))
