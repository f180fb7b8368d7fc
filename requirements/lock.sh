#!/usr/bin/env bash
# Writes the lock files anew: every package of build, run and dev with the hashes of its files, for Python 3.11
# and later on any system. The files name no registry: whoever installs says where from, by the settings of pip.
set -euo pipefail
cd "$(dirname "$0")/.."
UV=${UV:-.venv/bin/uv}
lock() {
    "$UV" pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
        --no-emit-find-links --custom-compile-command "make lock" --output-file "$@"
}
lock requirements/build.txt requirements/build.in
lock requirements/run.txt pyproject.toml --constraints requirements/build.txt
lock requirements/dev.txt --group pyproject.toml:dev --constraints requirements/run.txt
