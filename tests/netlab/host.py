"""Hosts of a lab, and the links by which they reach its internet. Made by Lab.host() and Host.add_link()."""

import itertools
import socket

from namespace import LabError
from router import Router


class Link:
    """One way of a host to the internet: an interface of the link's name, maybe a router, and the emulated link."""

    def __init__(self, lab, inside, name, metric, nat):
        self.name = name
        self.metric = metric
        self._lab = lab
        self._number = lab.next_number()
        self._moves = 0
        self._plugged = True
        self._inside = inside
        self._outside = lab.namespace() if nat else inside  # has the emulated link
        lab.connect(name, self._outside)
        self._router = Router(self._outside, inside, name, self._number) if nat else None
        for end in (lab.internet, self._outside):
            end.run(f"ip link set {name} mtu 1500 txqueuelen 5000 up")
        if self._router:
            self.set_nat(nat)
            if lab.ipv6:
                self._router.route_ipv6(f"{self._lan_prefix}::1")
                lab.internet.run(f"ip -6 route add {self._lan_prefix}::/64 dev {name}")
        self._take_link_addresses()
        self._take_own_addresses()

    @property
    def link_address(self):
        """The address by which the internet knows it: the router's, if it is behind one."""
        return f"10.{self._number}.{self._moves}.2"

    @property
    def address(self):
        """The host's own address on this link."""
        return self._router.host_address if self._router else self.link_address

    @property
    def address6(self):
        """The host's own IPv6 address on this link, which a router doesn't hide."""
        if not self._lab.ipv6:
            raise LabError("the lab has no IPv6: make it by Lab(ipv6=True)")
        return f"{self._lan_prefix}::2" if self._router else f"{self._prefix}::2"

    def move(self):
        """Gives the link another address, as another network does: the old one is gone at once. The IPv6 network
        behind a router stays."""
        self._lab.internet.run(f"ip address flush dev {self.name} scope global")
        if self._lab.ipv6 and self._router:
            self._lab.internet.run(f"ip -6 route replace {self._lan_prefix}::/64 dev {self.name}")
        self._outside.run(f"ip address flush dev {self.name} scope global")
        self._moves += 1
        self._take_link_addresses()
        if not self._router and self._plugged:
            self._take_own_addresses()

    def unplug(self):
        """The host's interface is down, without address and route, as when a Wi-Fi is left."""
        self._plugged = False
        self._inside.run(f"ip link set {self.name} down")
        self._inside.run(f"ip address flush dev {self.name} scope global")
        self._rules("del")

    def plug(self):
        """The interface is back, with the address that it had."""
        self._plugged = True
        self._inside.run(f"ip link set {self.name} up")
        self._take_own_addresses()

    def set_metric(self, metric):
        """The host's default route is by the link of the least metric."""
        old, self.metric = self.metric, metric
        if self._plugged and metric != old:
            self._default_routes("replace", metric)
            self._default_routes("del", old)

    def set_mtu(self, mtu):
        """The longest IP packet, in bytes, that the link takes; whoever sends a longer one to it is told. (A link that
        loses them silently: the setting `mtu`.) At least 1280 with IPv6."""
        for end in (self._lab.internet, self._outside):
            end.run(f"ip link set {self.name} mtu {mtu}")

    def set_nat(self, kind):
        """cone, full-cone or symmetric, for flows that begin from now on."""
        if not self._router:
            raise LabError(f"{self.name} has no router")
        self._router.set_nat(kind)

    @property
    def _prefix(self):
        return f"2001:db8:{self._number}:{self._moves + 1}"

    @property
    def _lan_prefix(self):
        return f"2001:db8:{self._number}:ffff"

    def _take_link_addresses(self):
        """What both ends of the emulated link need, as far as it isn't the host's own."""
        self._lab.internet.run(f"ip address add 10.{self._number}.{self._moves}.1/24 dev {self.name}")
        if self._lab.ipv6:
            self._lab.internet.run(f"ip address add {self._prefix}::1/64 dev {self.name} nodad")
        if not self._router:
            return
        self._outside.run(f"ip address add {self.link_address}/24 dev {self.name}")
        self._outside.run(f"ip route replace default via 10.{self._number}.{self._moves}.1")
        if self._lab.ipv6:
            self._outside.run(f"ip address add {self._prefix}::2/64 dev {self.name} nodad")
            self._outside.run(f"ip -6 route replace default via {self._prefix}::1 dev {self.name}")

    def _take_own_addresses(self):
        self._inside.run(f"ip link set {self.name} up")
        self._inside.run(f"ip address add {self.address}/24 dev {self.name}")
        if self._lab.ipv6:
            self._inside.run(f"ip address add {self.address6}/64 dev {self.name} nodad")
        self._default_routes("replace", self.metric)
        self._default_routes("replace", self.metric, f"table {self._table}")
        self._rules("del")
        self._rules("add")

    def _default_routes(self, verb, metric, table=""):
        gateway = self._router.gateway if self._router else f"10.{self._number}.{self._moves}.1"
        self._inside.run(f"ip route {verb} default via {gateway} dev {self.name} metric {metric} {table}")
        if self._lab.ipv6:
            gateway = f"{self._lan_prefix if self._router else self._prefix}::1"
            self._inside.run(f"ip -6 route {verb} default via {gateway} dev {self.name} metric {metric} {table}")

    @property
    def _table(self):
        return 100 + self._number

    def _rules(self, verb):
        """What is sent from this link's address goes by this link, whatever the default route is."""
        for family in (4, 6) if self._lab.ipv6 else (4,):
            listed = f"lookup {self._table}" in self._inside.run(f"ip -{family} rule")
            if listed == (verb == "del"):
                source = self.address if family == 4 else self.address6
                what = f"from {source} lookup" if verb == "add" else "lookup"
                self._inside.run(f"ip -{family} rule {verb} {what} {self._table}")


class Host:
    """A host with one or several links; the first has the host's name."""

    def __init__(self, lab, name, nat):
        self.name = name
        self._lab = lab
        self._inside = lab.namespace()
        self.links = {}
        self._metrics = itertools.count(100, 100)
        self.add_link(name, nat)

    def add_link(self, name, nat=None):
        """Another way to the internet, by an interface of this name; it is the default route when those before are
        unplugged."""
        self.links[name] = self._lab.links[name] = Link(self._lab, self._inside, name, next(self._metrics), nat)
        return self.links[name]

    def prefer(self, name):
        """The default route is by this link from now on; the others follow as before."""
        others = [link for link in self.links.values() if link.name != name]
        least = min(link.metric for link in others) if others else 100
        if self.links[name].metric > least:
            self.links[name].set_metric(least - 1)

    @property
    def _first(self):
        return self.links[self.name]

    @property
    def link_address(self):
        """Of the first link: the address by which the internet knows the host."""
        return self._first.link_address

    @property
    def address(self):
        """Of the first link: the address that the host has itself."""
        return self._first.address

    @property
    def address6(self):
        """Of the first link: the IPv6 address that the host has itself."""
        return self._first.address6

    def move(self):
        """Gives the first link another address."""
        self._first.move()

    def set_nat(self, kind):
        """Of the first link: cone, full-cone or symmetric, for flows that begin from now on."""
        self._first.set_nat(kind)

    def command(self, *words):
        """The command that runs this one on the host. It is killed when the thread that starts it ends."""
        return self._inside.command(*words)

    def run(self, command):
        """Runs a command on the host that must succeed; returns what it prints."""
        return self._inside.run(command)

    def socket(self, kind=socket.SOCK_DGRAM, family=socket.AF_INET):
        """A socket of this process on the host."""
        with self._inside.entered():
            return socket.socket(family, kind)
