from collections.abc import Iterator

from fastapi.testclient import TestClient

from bluelamp.web.limits import MOST


def test_a_form_that_is_too_large_is_refused_before_it_is_read(web: TestClient) -> None:
    refused = web.post("/sign-in", content=b"x" * (MOST + 1))
    assert refused.status_code == 413
    assert "Send less at a time" in refused.text


def test_one_that_does_not_say_its_size_is_cut_off(web: TestClient) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(40):
            yield b"name=" + b"x" * (MOST // 20)

    headers = {"content-type": "application/x-www-form-urlencoded"}
    assert web.post("/sign-in", content=endless(), headers=headers).status_code == 413


def test_a_size_that_is_no_number_is_refused(web: TestClient) -> None:
    assert web.post("/sign-in", content=b"", headers={"content-length": "many"}).status_code == 413
