"""A router between a host's interface and its link: NAT for IPv4, a firewall for IPv6."""

from namespace import LabError

# What hides a host behind the router's address. All but the last let in only what answers; cone gives a socket of the
# host one port to all peers, symmetric another one to each.
_NAT = {
    "cone": "masquerade persistent",
    "symmetric": "masquerade random, fully-random",
    # Keeps the ports, which only one host uses: whoever sends to one that is in use reaches that host's socket.
    "full-cone": "masquerade persistent",
}

_RULES = """
table inet nat {{}}
flush table inet nat
table inet nat {{
  set called {{ type inet_service; flags dynamic, timeout; timeout 5m; }}
  chain in {{
    type nat hook prerouting priority dstnat;
    {full_cone}
  }}
  chain out {{
    type nat hook postrouting priority srcnat;
    oifname "{link}" meta nfproto ipv4 {masquerade}
  }}
  chain forward {{
    type filter hook forward priority filter;
    oifname "{link}" meta l4proto udp update @called {{ udp sport }}
    iifname "{link}" ct status dnat accept
    iifname "{link}" ct state new drop
  }}
}}"""
_FULL_CONE = 'iifname "{link}" meta nfproto ipv4 udp dport @called dnat ip to {host}'


class Router:
    """In a namespace of its own, which has the link; a veth named as the link joins it with the host."""

    def __init__(self, namespace, inside, link, number):
        """`number` tells the networks behind routers of one host apart."""
        self._namespace = namespace
        self._link = link
        self.gateway, self.host_address = f"192.168.{number}.1", f"192.168.{number}.2"
        namespace.run(f"ip link add lan type veth peer name {link} netns {inside.path}")
        namespace.run(f"ip address add {self.gateway}/24 dev lan")
        namespace.run("ip link set lan up")
        namespace.run("sysctl -qw net.ipv4.ip_forward=1")

    def route_ipv6(self, gateway):
        """Joins the host by IPv6, too, without translation."""
        self._namespace.run("sysctl -qw net.ipv6.conf.all.forwarding=1")
        self._namespace.run(f"ip address add {gateway}/64 dev lan nodad")

    def set_nat(self, kind):
        """cone, full-cone or symmetric, for flows that begin from now on."""
        if kind not in _NAT:
            raise LabError(f"there is no NAT '{kind}': {', '.join(sorted(_NAT))}")
        full_cone = _FULL_CONE.format(link=self._link, host=self.host_address) if kind == "full-cone" else ""
        self._namespace.run("nft -f -", _RULES.format(link=self._link, masquerade=_NAT[kind], full_cone=full_cone))
