"""Keys that sign, made for one test session, and git's own judgement of what they signed."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from tests.servers.git import Repository


@dataclass(frozen=True)
class SigningKey:
    """A private key, and what lets git verify its signatures."""

    private: str
    public: str

    def verifies(self, repository: Repository, what: str, *, verb: str = "verify-commit") -> bool:
        """Whether git takes the signature of a commit or tag for this key's."""
        with tempfile.TemporaryDirectory(prefix="verify-") as name:
            home = Path(name)
            home.chmod(0o700)
            if self.public.startswith("ssh-"):
                (home / "signers").write_text(f"ann@example.com {self.public}")
                settings = ["-c", f"gpg.ssh.allowedSignersFile={home}/signers"]
            else:
                settings = []
                _gpg(home, "--import", stdin=self.public)
            command = ["git", f"--git-dir={repository.path}", *settings, verb, "--raw", what]
            env = {"PATH": os.defpath, "HOME": name, "GNUPGHOME": name}
            try:
                done = subprocess.run(command, env=env, capture_output=True, check=False)
            finally:
                subprocess.run(["gpgconf", "--kill", "all"], env=env, check=False)
        return done.returncode == 0


@cache
def gpg_key(passphrase: str = "") -> SigningKey:
    """A GPG key of Ann's; without the program, the test is skipped."""
    if shutil.which("gpg") is None:
        pytest.skip("needs the Debian package gnupg")
    with _gpg_home() as home:
        ann = "Ann <ann@example.com>"
        secret = ["--pinentry-mode", "loopback", "--passphrase", passphrase]
        _gpg(home, *secret, "--quick-gen-key", ann, "ed25519", "sign", "never")
        return SigningKey(
            _gpg(home, *secret, "--armor", "--export-secret-keys"),
            _gpg(home, "--armor", "--export"),
        )


@cache
def ssh_key(passphrase: str = "") -> SigningKey:
    """An SSH key."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "key")
        command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", passphrase, "-f", str(file)]
        subprocess.run(command, check=True)
        return SigningKey(file.read_text(), file.with_suffix(".pub").read_text())


@contextmanager
def _gpg_home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="keys-") as name:
        home = Path(name)
        home.chmod(0o700)
        try:
            yield home
        finally:
            env = {"PATH": os.defpath, "GNUPGHOME": name}
            subprocess.run(["gpgconf", "--kill", "all"], env=env, check=False)


def _gpg(home: Path, *args: str, stdin: str = "") -> str:
    command = ["gpg", "--homedir", str(home), "--batch", "--quiet", "--no-tty", *args]
    done = subprocess.run(command, input=stdin.encode(), capture_output=True, check=True)
    return done.stdout.decode()
