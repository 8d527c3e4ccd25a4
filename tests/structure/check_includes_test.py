"""The include rules catch what they are there for."""
import check_includes


def write(root, path, text):
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def test_allows_the_house_as_planned(tmp_path):
    write(tmp_path, "src/core/a.h", '#include <vector>\n#include "rtcpub/result.h"\n')
    write(tmp_path, "src/net/b.cc", '#include <boost/asio.hpp>\n#include "core/a.h"\n')
    write(tmp_path, "include/rtcpub/result.h", "#include <string>\n#include <tl/expected.hpp>\n")
    assert check_includes.check(tmp_path) == []


def test_refuses_a_room_that_may_not_be_entered(tmp_path):
    write(tmp_path, "src/net/a.h", "")
    write(tmp_path, "src/peer/b.cc", '#include "net/a.h"\n')
    assert check_includes.check(tmp_path) == ["src/peer/b.cc: peer may not include net (net/a.h)"]


def test_refuses_libraries_outside_their_rooms(tmp_path):
    write(tmp_path, "src/app/a.cc", '#include "pc/dtls_srtp_transport.h"\n#include <gst/gst.h>\n#include <boost/asio.hpp>\n'
                                    '#include <libyuv.h>\n')
    assert len(check_includes.check(tmp_path)) == 4


def test_lets_the_program_see_only_the_public_api(tmp_path):
    write(tmp_path, "src/core/a.h", "")
    write(tmp_path, "src/cli/b.cc", '#include "core/a.h"\n#include "rtcpub/publisher.h"\n')
    assert check_includes.check(tmp_path) == ["src/cli/b.cc: cli may not include core (core/a.h)"]


def test_refuses_clocks_in_the_pure_rooms(tmp_path):
    write(tmp_path, "src/sfu/router/a.cc", "auto t = std::chrono::steady_clock::now();\n")
    write(tmp_path, "src/core/b.cc", "auto t = monotonicNow();\n")
    assert len(check_includes.check(tmp_path)) == 2


def test_lets_only_one_folder_ask_which_libwebrtc_it_is(tmp_path):
    write(tmp_path, "src/engine/compat/a.h", "#if RTCPUB_LIBWEBRTC >= 20240218\n#endif\n")
    assert check_includes.check(tmp_path) == []
    write(tmp_path, "src/peer/b.cc", "#if RTCPUB_LIBWEBRTC >= 20240218\n#endif\n")
    assert len(check_includes.check(tmp_path)) == 1


def test_refuses_third_parties_in_public_headers(tmp_path):
    write(tmp_path, "include/rtcpub/a.h", "#include <gst/gst.h>\n")
    assert check_includes.check(tmp_path) == ["include/rtcpub/a.h: a public header includes gst/gst.h"]


def test_refuses_files_outside_the_rooms(tmp_path):
    write(tmp_path, "src/utils/a.h", "")
    assert check_includes.check(tmp_path) == ["src/utils/a.h: lies in no room"]


def test_holds_the_folders_of_core_apart(tmp_path):
    write(tmp_path, "src/core/text/text.h", "")
    write(tmp_path, "src/core/spider/message.h", '#include "core/text/text.h"\n')
    write(tmp_path, "src/core/hub/hub.h", '#include "core/spider/message.h"\n')
    assert check_includes.check(tmp_path) == ["src/core/hub/hub.h: core/hub may not include core/spider (core/spider/message.h)"]


def test_lets_only_carrier_and_door_speak_spider(tmp_path):
    write(tmp_path, "src/core/spider/message.h", "")
    for path in ("src/core/session/spider_carrier.cc", "src/app/server/spider_door.cc"):
        write(tmp_path, path, '#include "core/spider/message.h"\n')
    assert check_includes.check(tmp_path) == []
    write(tmp_path, "src/sfu/a.h", '#include "core/spider/message.h"\n')
    assert len(check_includes.check(tmp_path)) == 1


def test_lets_nobody_else_name_what_is_spiders(tmp_path):
    write(tmp_path, "src/core/session/spider_carrier.cc", "spider::Offer offer;\n")
    write(tmp_path, "src/app/client/spider_link.cc", "namespace carrier = session::spider_carrier;\n")
    assert check_includes.check(tmp_path) == []
    write(tmp_path, "src/core/session/session.h", "void hear(const spider::Offer& offer);\n")
    assert len(check_includes.check(tmp_path)) == 1


def test_holds_client_and_server_apart(tmp_path):
    write(tmp_path, "src/app/client/client.h", "")
    write(tmp_path, "src/app/doctor/a.cc", '#include "app/client/client.h"\n')
    write(tmp_path, "src/app/server/b.cc", '#include "app/client/client.h"\n')
    assert check_includes.check(tmp_path) == ["src/app/server/b.cc: app/server may not include app/client (app/client/client.h)"]


def test_keeps_the_media_plane_above_its_transport_free_of_libwebrtc(tmp_path):
    write(tmp_path, "src/sfu/member.h", "#include <api/array_view.h>\n")
    write(tmp_path, "src/sfu/transport/a.h", '#include "sfu/member.h"\n')
    assert len(check_includes.check(tmp_path)) == 2


def test_wants_a_rule_for_each_folder_of_core(tmp_path):
    write(tmp_path, "src/core/things/a.h", "")
    assert check_includes.check(tmp_path) == ["src/core/things: has no rule about what it may include"]


def test_refuses_a_crowd_at_the_door_of_core(tmp_path):
    for number in range(16):
        write(tmp_path, f"src/core/a{number}.h", "")
    assert len(check_includes.check(tmp_path)) == 1
