"""Pictures that are rendered elsewhere come back as if they were rendered here, or not at all."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from packager.errors import SourceError
from packager.files.store import Store
from packager.model import Encoded, Picture, RenditionSpec, Role, Source
from packager.pictures.batches import Batch, BatchLost, BatchRunner, BatchSender, Filled, PageOrder
from packager.pictures.cache import Cache
from packager.pictures.renderer import PictureRenderer
from packager.pictures.worker_jobs import PageJob
from packager.sandbox.answer_types import check_of
from packager.sandbox.answers import decode, encode
from packager.sandbox.pool import Workers
from tests.helpers.builders import make_picture

SPECS = (RenditionSpec(Role.PAGE, 200, 400, 80_000, 70), RenditionSpec(Role.PHONE, 100, 200, 20_000, 60))
PAGES = 12
Answer = Callable[[bytes], bytes]


class Answering:
    """A cluster whose one machine answers at once."""

    window = 2

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self.batches: list[Batch] = []

    def submit(self, batch: bytes) -> Future[bytes]:
        """What comes of a batch."""
        asked = decode(batch, check_of(Batch))
        assert isinstance(asked, Batch)
        self.batches.append(asked)
        future: Future[bytes] = Future()
        try:
            future.set_result(self._answer(batch))
        except BatchLost as error:
            future.set_exception(error)
        return future


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> list[PageJob]:
    """Pages, of which one is damaged and one is another one once more."""
    folder = tmp_path_factory.mktemp("pages")
    jobs = []
    for number in range(PAGES):
        path = make_picture(folder / f"{number}.jpg", seed=number)
        jobs.append(PageJob(Source(path, f"window/{number}.jpg"), SPECS, number))
    jobs[3].source.path.write_bytes(jobs[3].source.path.read_bytes()[:300])
    shutil.copyfile(jobs[4].source.path, jobs[5].source.path)
    return jobs


@pytest.fixture(scope="module")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BatchRunner]:
    """A machine of a cluster."""
    with Workers(1) as workers:
        yield BatchRunner(workers, tmp_path_factory.mktemp("machine"), lambda _: None)


@pytest.fixture(scope="module")
def here() -> Iterator[Workers]:
    """The workers of the machine that asks."""
    with Workers(1) as workers:
        yield workers


def sent(jobs: list[PageJob], workers: Workers, cluster: Answering, folder: Path) -> BatchSender:
    """What sent them, when the cluster has done what it could."""
    cache = Cache(Store(folder))
    sender = BatchSender(cluster, cache, PictureRenderer(workers, cache))
    sender.expect(len(jobs))
    sender.pages(jobs)
    sender.finish()
    return sender


def entries(folder: Path) -> dict[str, bytes]:
    """What is kept."""
    return {path.name: path.read_bytes() for path in folder.glob("packager-cache/*")}


def test_what_comes_back_is_what_is_made_here(
    pages: list[PageJob], here: Workers, runner: BatchRunner, tmp_path: Path
) -> None:
    """To the byte, each picture once, but for the damaged one, which is left to be named here; and a strip as well."""
    cluster = Answering(runner.run)
    strip = tuple(Picture(job.source, 300, 420) for job in pages[6:9])
    sender = sent(pages, here, cluster, tmp_path / "there")
    sender.strip(strip, SPECS, "#ffffff")
    sender.finish()
    local = PictureRenderer(here, Cache(Store(tmp_path / "here")))
    made = list(local.pages(pages))
    slices = list(local.strip(strip, SPECS, "#ffffff"))
    assert sum(isinstance(one, tuple) for one in made) == PAGES - 1
    assert slices
    assert entries(tmp_path / "there") == entries(tmp_path / "here")
    assert len(entries(tmp_path / "here")) == PAGES - 2 + 1
    assert sender.problems == set()
    assert len(cluster.batches) > 2
    again = Answering(runner.run)
    sent([job for job in pages if job.first != 3], here, again, tmp_path / "there")
    assert again.batches == []


def test_nothing_says_where_a_picture_lies(
    pages: list[PageJob], here: Workers, runner: BatchRunner, tmp_path: Path
) -> None:
    """Neither its name nor that of a folder is sent."""
    texts: list[bytes] = []

    def answer(batch: bytes) -> bytes:
        texts.append(batch)
        return runner.run(batch)

    sent(pages, here, Answering(answer), tmp_path)
    assert texts
    assert not any(word in text for text in texts for word in (b"window", b"0.jpg", bytes(pages[0].source.path.parent)))


def lose(_: bytes) -> bytes:
    """No machine is there."""
    raise BatchLost("no worker is left")


def babble(_: bytes) -> bytes:
    """No answer of ours."""
    return b"\0" * 100


def mistype(_: bytes) -> bytes:
    """Values of ours, of another type."""
    return encode((Source(Path("/etc/passwd"), "no rendition"),))


def put_elsewhere(batch: bytes) -> bytes:
    """Renditions for a picture that was not sent."""
    asked = decode(batch, check_of(Batch))
    assert isinstance(asked, Batch)
    item = (Encoded(Role.PAGE, b"not asked for", 1, 1, 0),)
    return encode((Filled("0" * 64, (item,)),))


@pytest.mark.parametrize("answer", [lose, babble, mistype, put_elsewhere], ids=lambda answer: answer.__name__)
def test_what_is_no_answer_to_a_batch_is_not_kept(
    pages: list[PageJob], here: Workers, tmp_path: Path, answer: Answer
) -> None:
    """All of it is left to be rendered here, and what was lost is said."""
    sender = sent(pages, here, Answering(answer), tmp_path)
    assert entries(tmp_path) == {}
    assert bool(sender.problems) == (answer is not put_elsewhere)


def test_a_machine_renders_nothing_but_batches_for_its_engine(pages: list[PageJob], runner: BatchRunner) -> None:
    """What is of another version, and what is no batch, is refused."""
    job = replace(pages[0], source=Source(Path(), ""))
    order = PageOrder("0" * 64, job, pages[0].source.path.read_bytes())
    for batch in (encode(Batch("another", (order,))), encode((order,)), b"", b"\x80\x04N."):
        with pytest.raises(SourceError):
            runner.run(batch)


@pytest.mark.prove
def test_a_million_pictures_take_the_memory_of_ten_thousand(tmp_path: Path) -> None:
    """Here and at the scheduler: no more batches are under way than machines can have."""
    page = make_picture(tmp_path / "page.jpg", (16, 16))
    cluster, process = Answering(lambda _: encode(())), psutil.Process()
    held: list[int] = []
    with Workers(2) as workers:
        cache = Cache(Store(tmp_path / "kept"))
        sender = BatchSender(cluster, cache, PictureRenderer(workers, cache))
        sender.expect(1_000_000)
        for work in range(1_000):
            source = Source(page, "page")
            sender.pages([PageJob(source, SPECS, number, page=work * 1_000 + number) for number in range(1_000)])
            cluster.batches.clear()
            if work in (9, 999):
                held.append(process.memory_info().rss)
        sender.finish()
    print(f"{held[0] >> 20} MB behind 10,000 pictures, {held[1] >> 20} MB behind 1,000,000")
    assert held[1] < held[0] * 1.1
