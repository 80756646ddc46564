#include "tests/devices/phone/sipp.hpp"

namespace sitegate::devices::phone {

std::string trunk_scenario(const std::string& final_answer, const std::string& after) {
  return R"(<?xml version="1.0" encoding="ISO-8859-1" ?>
<scenario name="trunk">
  <send retrans="500"><![CDATA[
INVITE sip:+81312345678@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:trunk@[local_ip]:[local_port]>;tag=[pid]T[call_number]
To: <sip:+81312345678@[remote_ip]:[remote_port]>
P-Asserted-Identity: <sip:+8190[call_number]00000@trunk.example>
Call-ID: [call_id]
CSeq: 1 INVITE
Contact: <sip:trunk@[local_ip]:[local_port];transport=[transport]>
Max-Forwards: 70
Content-Type: application/sdp
Content-Length: [len]

v=0
o=user1 53655765 2353687637 IN IP[local_ip_type] [local_ip]
s=-
c=IN IP[media_ip_type] [media_ip]
t=0 0
m=audio [media_port] RTP/AVP 0
a=rtpmap:0 PCMU/8000
]]></send>
  <recv response="100" optional="true"/>
  <recv response=")" +
         final_answer + R"(" rrs="true"/>
  <send><![CDATA[
ACK sip:+81312345678@[remote_ip]:[remote_port] SIP/2.0
[last_Via:]
[last_From:]
[last_To:]
Call-ID: [call_id]
CSeq: 1 ACK
Max-Forwards: 70
Content-Length: 0
]]></send>
)" + after +
         "</scenario>\n";
}

const std::string until_bye = R"(  <recv request="BYE"/>
  <send><![CDATA[
SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:]
[last_Call-ID:]
[last_CSeq:]
Content-Length: 0
]]></send>
)";

int Sipp::call(const std::string& address, const std::string& scenario, int rate, std::size_t count,
               const std::string& transport) const {
  const auto file = write_file(folder, "scenario.xml", scenario);
  return run_program(
      {"sipp", address, "-sf", file, "-r", std::to_string(rate), "-m", std::to_string(count), "-l", "2000",
       "-i", "127.0.0.1", "-t", transport, "-nostdin", "-timeout", "240", "-timeout_error"},
      folder, "sipp");
}

std::size_t different(const std::multiset<std::string>& numbers) {
  return std::set<std::string>(numbers.begin(), numbers.end()).size();
}

}  // namespace sitegate::devices::phone
