#!/bin/sh
# Installs the Debian packages of the real servers that tests run; where that may not be done,
# says which tests are left out and which line installs the rest.
set -eu

missing='' without=''
need() { # PROGRAM PACKAGE WHAT-IS-LEFT-OUT
  [ -n "$(PATH="$PATH:/usr/sbin" command -v "$1" || ls /usr/lib/postgresql/*/bin/"$1" 2>/dev/null)" ] || {
    missing="$missing $2" without="$without; $3"
  }
}
need docker-registry docker-registry 'image registries'
need sshd openssh-server 'git over SSH'
need initdb postgresql 'PostgreSQL'
need chromium chromium 'a browser'
need gpg gnupg 'signatures by GPG'

[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "Installing for the tests:$missing"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq && apt-get install -y -qq --no-install-recommends $missing >/dev/null && exit 0
fi

echo "Left out are the tests of${without#;}."
echo "To run them too: sudo apt-get install --no-install-recommends$missing"
