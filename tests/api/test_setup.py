"""The set-up scripts: which Python is found, what a stamp skips, what is locked."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

CLONE = Path(__file__).resolve().parents[2]
WHOLE = "#!/bin/sh\nexit 0\n"
BROKEN = "#!/bin/sh\nexit 1\n"


def program(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return path


def shell(script: str, cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", "-euc", script], cwd=cwd, env=env, capture_output=True, text=True, check=False
    )


def found_python(home: Path, *, path: str = "", pyenv: str = "") -> str:
    script = f". {CLONE}/api/setup/trova_python.sh; find_python"
    return shell(script, home, PATH=path, PYENV_ROOT=pyenv, HOME=str(home)).stdout.strip()


def test_python_on_the_path_comes_before_pyenv(tmp_path: Path) -> None:
    on_path = program(tmp_path / "bin/python3.13", WHOLE)
    program(tmp_path / ".pyenv/versions/3.12.9/bin/python3.12", WHOLE)
    assert found_python(tmp_path, path=f"/vuota:{tmp_path}/bin") == str(on_path)


def test_a_shim_is_passed_over_for_the_real_binary(tmp_path: Path) -> None:
    shims = program(tmp_path / ".pyenv/shims/python3.12", WHOLE).parent
    real = program(tmp_path / ".pyenv/versions/3.12.9/bin/python3.12", WHOLE)
    assert found_python(tmp_path, path=str(shims)) == str(real)


def test_pyenv_is_found_where_its_root_says(tmp_path: Path) -> None:
    real = program(tmp_path / "altrove/versions/3.13.0/bin/python3.13", WHOLE)
    assert found_python(tmp_path, pyenv=f"{tmp_path}/altrove") == str(real)


def test_a_python_that_lacks_a_module_is_passed_over(tmp_path: Path) -> None:
    program(tmp_path / "bin/python3.12", BROKEN)
    whole = program(tmp_path / "bin/python3.13", WHOLE)
    assert found_python(tmp_path, path=f"{tmp_path}/bin") == str(whole)


def test_no_python_is_no_answer(tmp_path: Path) -> None:
    program(tmp_path / "bin/python3.11", WHOLE)
    assert found_python(tmp_path, path=f"{tmp_path}/bin") == ""


STEP = """
TITLE="Prova"
inputs() { cat input; }
run() {
  echo done >> runs
  cat input
  if [ "$(cat input)" = bad ]; then echo Mancano cose. >&3; return 3; fi
}
"""


def run_step(folder: Path) -> subprocess.CompletedProcess[str]:
    (folder / "prova.sh").write_text(STEP)
    return shell(f"sh {CLONE}/api/setup/passo.sh ./prova.sh", folder, PATH=os.environ["PATH"])


def test_a_step_is_done_once_for_the_same_inputs(tmp_path: Path) -> None:
    (tmp_path / "input").write_text("one")
    first, second = run_step(tmp_path), run_step(tmp_path)
    assert re.fullmatch(r"Prova \.\.\. \d+,\d s\n", first.stdout)
    assert (second.stdout, second.returncode) == ("", 0)
    assert (tmp_path / "runs").read_text() == "done\n"

    (tmp_path / "input").write_text("two")
    assert run_step(tmp_path).returncode == 0
    assert (tmp_path / "runs").read_text() == "done\ndone\n"


def test_a_step_that_fails_says_one_sentence_and_is_tried_again(tmp_path: Path) -> None:
    (tmp_path / "input").write_text("bad")
    for _ in range(2):
        result = run_step(tmp_path)
        assert result.returncode == 3
        assert result.stderr.splitlines()[:2] == ["non riuscito", "Mancano cose."]
    assert (tmp_path / "runs").read_text() == "done\ndone\n"


def test_without_root_the_packages_to_install_are_named(tmp_path: Path) -> None:
    program(tmp_path / "bin/id", "#!/bin/sh\necho 1000\n")
    program(tmp_path / "bin/apt-get", "#!/bin/sh\ntouch apt-was-called\n")
    script = (
        f". {CLONE}/api/setup/apt.sh; exec 3>&2; apt_install postgresql-15 postgresql-15-postgis-3"
    )
    result = shell(script, tmp_path, PATH=f"{tmp_path}/bin")
    assert result.returncode == 3
    assert len(result.stderr.splitlines()) == 1
    assert "install --no-install-recommends postgresql-15 postgresql-15-postgis-3»" in result.stderr
    assert not (tmp_path / "apt-was-called").exists()


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_requirements_are_pinned_with_hashes_and_name_no_address(name: str) -> None:
    text = (CLONE / name).read_text()
    blocks = re.split(r"\n(?=\S)", text.strip())
    assert len(blocks) > 50
    for block in blocks:
        assert re.match(r"[a-z0-9-]+(\[[a-z,]+\])?==\S+", block)
        assert "--hash=sha256:" in block
    assert "http" not in text.replace("httptools", "").replace("httpx", "").replace("httpcore", "")
    assert "index-url" not in text


def test_what_runs_is_what_was_tested() -> None:
    def pins(name: str) -> set[str]:
        return set(re.findall(r"^\S+==\S+", (CLONE / name).read_text(), flags=re.MULTILINE))

    assert pins("requirements.txt") < pins("requirements-dev.txt")


def test_the_page_assets_are_locked_without_download_addresses() -> None:
    lock = json.loads((CLONE / "package-lock.json").read_text())
    third_party = {name: entry for name, entry in lock["packages"].items() if name}
    assert len(third_party) > 5
    for name, entry in third_party.items():
        assert "integrity" in entry, name
        assert "resolved" not in entry, name


def test_ci_runs_the_commands_of_the_makefile() -> None:
    script = CLONE / ".ci/run"
    assert os.access(script, os.X_OK)
    assert script.read_text().splitlines()[-2:] == ["make setup", "make check"]


TARGETS = (
    *("run", "test", "check", "fast", "bench", "accuracy", "fmt", "lint", "types"),
    *("migration", "snapshots", "serve", "db", "setup", "setup-bench"),
)


@pytest.mark.parametrize("target", TARGETS)
def test_make_knows_the_command(target: str) -> None:
    # What a make around these tests hands down is not for the one that is asked here.
    env = {k: v for k, v in os.environ.items() if not k.startswith(("MAKE", "MFLAGS"))}
    plan = subprocess.run(
        ["make", "--dry-run", target],
        cwd=CLONE,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert plan.returncode == 0, plan.stderr
    # Whatever is called, set-up comes first; it is quick when there is nothing to do.
    assert plan.stdout.startswith("sh api/setup.sh")
