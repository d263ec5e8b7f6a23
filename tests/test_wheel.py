"""The built packages: what they carry, and that the installed wheel works from another folder."""

import os
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).resolve().parent.parent
CARRIED = (
    "ontology/plankg.ttl",
    "queries/who-targeted.rq",
    "seeds/corrections.toml",
    "seeds/sources.toml",
    "seeds/suzhou-plan-2023.txt",
)
#: What stands beside the code that reads it.
BESIDE_CODE = {"plankg/server/pages/start.html", "plankg/tables/facts.rq", "plankg/py.typed"}


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The sdist, and the wheel built from it."""
    out = tmp_path_factory.mktemp("packages")
    subprocess.run(
        [sys.executable, "-m", "build", "--outdir", str(out), str(ROOT)], check=True, capture_output=True
    )
    return next(out.glob("*.tar.gz")), next(out.glob("*.whl"))


@pytest.mark.slow
def test_both_carry_ontology_questions_seeds_and_pages(packages: tuple[Path, Path]) -> None:
    sdist, wheel = packages
    with tarfile.open(sdist) as archive:
        inside = {name.partition("/")[2] for name in archive.getnames()}
    assert {*CARRIED, *BESIDE_CODE, "README.md", "LICENSE"} <= inside
    with zipfile.ZipFile(wheel) as file:
        names = set(file.namelist())
    assert {f"loaders/data/{name}" for name in CARRIED} | BESIDE_CODE <= names
    assert {name.split("/")[0] for name in names if ".dist-info" not in name} == {"loaders", "plankg"}


@pytest.mark.slow
def test_the_installed_wheel_works_from_another_folder(packages: tuple[Path, Path], tmp_path: Path) -> None:
    venv.create(tmp_path / "venv", with_pip=True)
    scripts = tmp_path / "venv" / ("Scripts" if os.name == "nt" else "bin")
    elsewhere = tmp_path / "一个 folder"
    elsewhere.mkdir()
    environment = {
        k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "PLANKG", "VIRTUAL_ENV"))
    }

    def run(program: str, *arguments: str) -> str:
        done = subprocess.run(
            [str(scripts / program), *arguments],
            cwd=elsewhere,
            env=environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    run("python", "-m", "pip", "install", "--quiet", str(packages[1]))
    assert str(tmp_path) in run("python", "-c", "import loaders; print(loaders.__file__)")
    run("plankg", "build")
    answer = run("plankg", "query", "who-targeted", "--format", "csv")
    assert {line.split(",")[0] for line in answer.splitlines()[1:]} == {"苏州市", "张家港市", "钟楼区"}
    run("plankg", "export", "facts.csv", "--indicator", "GDP增速")
    assert "5%左右" in (elsewhere / "facts.csv").read_text("utf-8-sig")
    run("plankg", "dump", "--out", "out")
    assert (elsewhere / "out" / "SHA256SUMS").exists()
    with subprocess.Popen(
        [str(scripts / "plankg"), "serve", "--port", "0"],
        cwd=elsewhere,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as server:
        assert server.stderr is not None
        address = next(line.split(" at ")[1].split(" ")[0] for line in server.stderr if "serving " in line)
        page = httpx.get(address, headers={"accept": "text/html"}, trust_env=False)
        server.terminate()
    assert page.status_code == 200
    assert "who-targeted" in page.text
