"""The tutorial is run as it stands: its files are written, its commands typed, and what it shows must come."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bluelamp.cli import app
from bluelamp.errors import BlueLampError

PAGE = Path("docs/tutorial.md")
BLOCK = re.compile(r"^```(?P<info>[^\n]+)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
COMMAND = "from bluelamp.cli import main; main()"


@dataclass(frozen=True)
class Step:
    """One fenced block: a file to write, or commands to type with what they show."""

    kind: str
    file: str
    body: str
    line: int


def steps(text: str) -> Iterator[Step]:
    for found in BLOCK.finditer(text):
        words = found["info"].split()
        file = next((word.removeprefix("file=") for word in words if word.startswith("file=")), "")
        kind = "file" if file else "serve" if words == ["console", "serve"] else words[0]
        yield Step(kind, file, found["body"], text.count("\n", 0, found.start()) + 1)


def commands(body: str) -> list[tuple[list[str], list[str]]]:
    """Each command of a block, in words, with the lines that it shows."""
    found: list[tuple[list[str], list[str]]] = []
    for line in body.splitlines():
        if line.startswith("$ "):
            found.append(([word.strip('"') for word in re.findall(r'"[^"]*"|\S+', line[2:])], []))
        else:
            found[-1][1].append(line)
    return found


def shown(lines: list[str], output: str) -> bool:
    """Whether `output` is what `lines` show, where `...` stands for anything and blanks do not count."""
    pattern = r"\s*".join(re.escape(part) for part in " ".join(lines).split())
    return re.fullmatch(rf"\s*{pattern.replace(re.escape('...'), '.*')}\s*", output, re.DOTALL) is not None


def run(words: list[str]) -> tuple[int, str]:
    assert words[0] == "bluelamp", f"the tutorial may run only bluelamp, not {words[0]}"
    done = CliRunner().invoke(app, words[1:])
    if isinstance(done.exception, BlueLampError):
        return 1, str(done.exception)
    return done.exit_code, done.stdout


def test_the_tutorial_can_be_followed_to_the_letter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = PAGE.read_text(encoding="utf-8")
    source = Path("src").resolve()
    monkeypatch.chdir(tmp_path)
    for step in steps(text):
        if step.kind == "file":
            path = tmp_path / step.file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(step.body, encoding="utf-8")
        elif step.kind == "serve":
            check_server(commands(step.body)[0][0], source)
        elif step.kind == "console":
            for words, lines in commands(step.body):
                code, output = run(words)
                expected = int(lines.pop()[1]) if lines and re.fullmatch(r"\[\d\]", lines[-1]) else 0
                where = f"{PAGE}:{step.line}: {' '.join(words)} gave\n{output}"
                assert code == expected, where
                assert shown(lines, output), where


def check_server(words: list[str], source: Path) -> None:
    """Start the server on a free port, ask it for the page to sign in, and stop it, of which it says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    with subprocess.Popen(
        [sys.executable, "-c", COMMAND, *words[1:], "--port", port],
        env={**os.environ, "PYTHONPATH": str(source)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as server:
        try:
            assert "Sign in" in page(f"http://127.0.0.1:{port}/sign-in")
            # what it does before it is asked is done by then
            time.sleep(2)
            server.send_signal(signal.SIGINT)
            _, said = server.communicate(timeout=60)
        finally:
            server.kill()
    assert said == ""


def page(address: str) -> str:
    for _ in range(600):
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310
                return str(answer.read().decode())
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"{address} did not answer within a minute")


def test_the_page_has_files_and_commands() -> None:
    found = list(steps(PAGE.read_text(encoding="utf-8")))
    assert {step.kind for step in found} == {"file", "console", "serve"}
    assert all(step.file.startswith("my-force/") for step in found if step.kind == "file")


def test_what_is_shown_must_come_and_dots_leave_out() -> None:
    assert shown(["a ... d"], "a b c  d\n")
    assert shown(["a", "..."], "a\nb\n")
    assert not shown(["a", "c"], "a\nb\nc\n")
