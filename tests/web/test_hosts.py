import pytest
from fastapi.testclient import TestClient

from bluelamp.web.hosts import host_name


def test_a_forged_host_is_refused(web: TestClient) -> None:
    refused = web.get("/sign-in", headers={"host": "elsewhere.example"})
    assert refused.status_code == 400
    assert "does not answer to that name" in refused.text


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8000", "127.0.0.1:8123", "[::1]:8000", "[::1]"])
def test_this_machine_is_always_known(web: TestClient, host: str) -> None:
    assert web.get("/healthy", headers={"host": host}).status_code == 200


def test_the_port_is_no_part_of_the_name() -> None:
    assert [host_name(host) for host in ("a:80", "a", "[::1]:80", "[::1]", "")] == ["a", "a", "[::1]", "[::1]", ""]
