"""PostgreSQL and Redis run as an ordinary user, also when Parlour is started by root."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from deploy.local.errors import Stop

CANDIDATES = ("postgres", "nobody")
SHARED = Path("/var/lib/parlour")


@dataclass(frozen=True)
class Account:
    """A user to start a process as; `user=None` is whoever we are already."""

    name: str
    user: int | None
    group: int | None

    @property
    def extra_groups(self) -> list[int] | None:
        return None if self.user is None else []

    def own(self, path: Path) -> None:
        if self.user is not None and self.group is not None:
            os.chown(path, self.user, self.group)

    def make_folder(self, path: Path) -> Path:
        """A private folder of this account."""
        path.mkdir(parents=True, exist_ok=True)
        path.chmod(0o700)
        self.own(path)
        return path

    def may_enter(self, path: Path) -> bool:
        """Asked of the kernel as that user: modes alone do not tell of ACLs and mounts."""
        if self.user is None:
            return os.access(path, os.R_OK | os.X_OK)
        return self._answers_yes('test -x "$0"', path)

    def may_run(self, program: Path) -> bool:
        if self.user is None:
            return os.access(program, os.X_OK)
        return self._answers_yes('test -r "$0" && test -x "$0"', program)

    def _answers_yes(self, question: str, path: Path) -> bool:
        try:
            answer = subprocess.run(
                ["/bin/sh", "-c", question, path],
                cwd="/",
                check=False,
                user=self.user,
                group=self.group,
                extra_groups=self.extra_groups,
            )
        except OSError as error:
            raise Stop(
                f"PostgreSQL refuses to run as root, and root may not become {self.name} here "
                f"({error.strerror}); run make as an ordinary user."
            ) from error
        return answer.returncode == 0


def ordinary_account(*, uid: int, known: Iterable[str] = CANDIDATES) -> Account:
    if uid != 0:
        return Account(name=str(uid), user=None, group=None)
    for name in known:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name=name, user=entry.pw_uid, group=entry.pw_gid)
    raise Stop("PostgreSQL refuses to run as root, and this machine has no user 'nobody'.")


def data_place(home: Path, account: Account, *, shared: Path = SHARED) -> Path:
    """Where the servers keep data: the home, or a place the ordinary user can get at."""
    if account.may_enter(home):
        return home
    return open_folder(shared / sha256(str(home).encode()).hexdigest()[:16])


def runnable_copy(package: Path, program: str, account: Account, *, shared: Path = SHARED) -> Path:
    """`package` itself when the user can run `program` in it, else a copy where they can."""
    if account.may_run(package / program):
        return package
    copy = shared / f"{package.parent.name}-{_identity(package / program)}"
    if not copy.is_dir():
        partial = open_folder(shared) / f".copy-{os.getpid()}"
        shutil.rmtree(partial, ignore_errors=True)
        shutil.copytree(package, partial, symlinks=True)
        _let_everyone_read(partial)
        try:
            partial.rename(copy)
        except OSError:  # another process was quicker, with the same content
            shutil.rmtree(partial)
    return copy


def open_folder(path: Path) -> Path:
    """A folder of ours below a shared one that others may pass through but not list."""
    try:
        for folder in (path.parent, path):
            folder.mkdir(parents=True, exist_ok=True)
            if folder.is_relative_to(SHARED):
                folder.chmod(0o711)
    except PermissionError as error:
        raise Stop(f"{path} cannot be made: {error.strerror}.") from error
    return path


def _identity(program: Path) -> str:
    return sha256(program.read_bytes()).hexdigest()[:16]


def _let_everyone_read(folder: Path) -> None:
    folder.chmod(0o755)
    for path in folder.rglob("*"):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
