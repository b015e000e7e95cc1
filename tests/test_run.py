import socket

from run import PORTS, free_port


def test_a_free_port_is_given_once_and_is_none_that_somebody_listens_on():
    first = free_port()
    with socket.socket() as somebody:
        somebody.bind(("127.0.0.1", PORTS[(first + 1 - PORTS.start) % len(PORTS)]))
        next_one = somebody.getsockname()[1]

        given = [first, *(free_port() for _ in range(50))]

    assert len(set(given)) == len(given)
    assert set(given) <= set(PORTS)
    assert next_one not in given
