#include <iostream>
#include <nlohmann/json.hpp>

#include "deploy/tool/inspect.hpp"
#include "deploy/tool/message_json.hpp"
#include "shared/wire/envelope.hpp"
#include "shared/wire/passage.hpp"

namespace sitegate::tool {
namespace {

using nlohmann::json;
using wire::MessageKind;

struct Options {
  std::string file;
  std::string key;
  bool json = false;
};

struct KindRow {
  MessageKind kind;
  std::string_view word;
  std::string_view identifier;  ///< bytes 4 to 7 of the payload
  std::size_t size_max;
};
constexpr KindRow kinds[] = {{MessageKind::history, "history", "SGWH", wire::batch_size_max},
                             {MessageKind::receipt, "receipt", "SGRC", wire::receipt_size_max},
                             {MessageKind::roster, "roster", "SGRO", wire::roster_size_max},
                             {MessageKind::health, "health", "SGHE", wire::health_size_max}};

Result<json> content_of(MessageKind kind, ByteView payload) {
  switch (kind) {
    case MessageKind::history: {
      SITEGATE_TRY(batch, wire::decode_work_history_batch(payload));
      return to_json(batch);
    }
    case MessageKind::receipt: {
      SITEGATE_TRY(receipt, wire::decode_receipt(payload));
      return to_json(receipt);
    }
    case MessageKind::roster: {
      SITEGATE_TRY(roster, wire::decode_site_roster(payload));
      return to_json(roster);
    }
    case MessageKind::health: {
      SITEGATE_TRY(health, wire::decode_health(payload));
      return to_json(health);
    }
  }
  return fail(wire::WireErrc::wrong_kind, "kind " + std::to_string(static_cast<int>(kind)));
}

/// What is found out step by step; `problem` ends it.
struct Findings {
  json facts = json::object();
  std::optional<Error> problem;
};

void look_into_payload(Findings& findings, MessageKind kind, ByteView payload) {
  auto content = content_of(kind, payload);
  if (content)
    findings.facts["content"] = std::move(content).value();
  else
    findings.problem = content.error();
}

void look_into_envelope(Findings& findings, ByteView bytes, const std::optional<PublicKey>& key) {
  const auto message = wire::open_unverified(bytes, wire::roster_size_max);
  if (!message) {
    findings.problem = message.error();
    return;
  }
  const auto& opened = message.value();
  findings.facts["signer"] = opened.signer;
  findings.facts["hash"] = to_hex(opened.hash);
  findings.facts["signature"] = "not verified: no --key";
  for (const auto& row : kinds) {
    if (row.kind != opened.kind) continue;
    findings.facts["kind"] = row.word;
    if (key) {
      const auto verified = wire::open(bytes, row.kind, row.size_max, [&](std::string_view) { return key; });
      findings.facts["signature"] = verified ? "good" : "not good";
      if (!verified) findings.problem = verified.error();
    }
  }
  if (!findings.problem) look_into_payload(findings, opened.kind, opened.payload);
}

/// An envelope, a payload without one, or what an outbox keeps.
void look_into(Findings& findings, ByteView bytes, const std::optional<PublicKey>& key) {
  const auto identifier = bytes.size() < 8 ? std::string_view() : as_text(bytes.subspan(4, 4));
  for (const auto& row : kinds)
    if (identifier == row.identifier) {
      findings.facts["kind"] = row.word;
      findings.facts["signature"] = "none: a payload without its envelope";
      return look_into_payload(findings, row.kind, bytes);
    }
  if (identifier != "SGEN") {
    if (const auto passage = wire::decode_passage(bytes)) {
      findings.facts["kind"] = "passage";
      findings.facts["signature"] = "none: an outbox entry";
      findings.facts["content"] = to_json(passage.value());
      return;
    }
  }
  look_into_envelope(findings, bytes, key);
}

void print(const Findings& findings) {
  for (const char* fact : {"file", "size", "kind", "signer", "signature", "hash"})
    if (findings.facts.contains(fact)) {
      const auto& value = findings.facts[fact];
      std::cout << fact << ": " << (value.is_string() ? value.get<std::string>() : value.dump()) << '\n';
    }
  if (findings.problem) std::cout << "NOT ACCEPTABLE: " << findings.problem->text() << '\n';
  if (findings.facts.contains("content")) std::cout << findings.facts["content"].dump(2) << '\n';
}

Result<int> run(const Options& options) {
  SITEGATE_TRY(text, read_file(options.file, wire::roster_size_max + 1024));
  std::optional<PublicKey> key;
  if (!options.key.empty()) {
    SITEGATE_TRY(loaded, crypto::load_public_key(options.key));
    key = loaded;
  }
  Findings findings;
  findings.facts["file"] = options.file;
  findings.facts["size"] = text.size();
  look_into(findings, as_bytes(text), key);
  findings.facts["acceptable"] = !findings.problem;
  if (findings.problem) {
    findings.facts["reason"] = wire::errc_word(*findings.problem);
    findings.facts["detail"] = findings.problem->text();
  }
  if (options.json)
    print_json(findings.facts);
  else
    print(findings);
  return findings.problem ? exit_refused : exit_done;
}

}  // namespace

void add_inspect_message(CLI::App& inspect, Action& chosen) {
  auto* command = inspect.add_subcommand("message",
                                         "Reads one message from a file: a signed envelope as it travels "
                                         "over MQTT, a payload without its envelope, or an "
                                         "outbox entry. Says what it holds, or exactly why it is not "
                                         "acceptable (the words that also stand in receipts and "
                                         "in the quarantine list). With --key the signature is verified. "
                                         "Exit code 3 if the bytes are not acceptable.");
  auto options = add_command<Options>(
      *command, "  sitegate inspect message captured.bin --key gate-north-1/public.pem", chosen, run);
  command->add_option("FILE", options->file, "the bytes")->required();
  command->add_option("--key", options->key, "the signer's Ed25519 public key")->type_name("PUBLIC.pem");
  command->add_flag("--json", options->json, "machine-readable");
}

}  // namespace sitegate::tool
