#include "cloud/ingest/inbox.hpp"

#include <algorithm>

namespace sitegate::cloud {

std::size_t Inbox::push(IncomingMessage message) {
  std::size_t left_out = 0;
  {
    const std::lock_guard lock(mutex_);
    if (closed_) return 1;
    const bool health = message.topic.ends_with("/health");
    const std::size_t size = message.payload.size();
    if (!health && !make_room(message.topic, size, left_out)) return left_out + 1;
    if (health) {
      push_health(std::move(message));
    } else {
      Line& line = lines_[message.topic];
      if (line.empty()) turns_.push_back(message.topic);
      line.push_back(std::move(message));
      ++messages_;
      bytes_ += size;
    }
  }
  ready_.notify_one();
  return left_out;
}

/// One a gateway: they need no bound of their own. `mutex_` is held.
void Inbox::push_health(IncomingMessage message) {
  auto& kept = healths_[message.topic];
  bytes_ += message.payload.size();
  bytes_ -= kept.payload.size();
  kept = std::move(message);
}

bool Inbox::has_room(std::size_t size) const {
  return messages_ < messages_max_ && bytes_ + size <= bytes_max_;
}

/// Nobody's only batch is taken away, and nobody's own line is cut for himself.
bool Inbox::make_room(const std::string& topic, std::size_t size, std::size_t& left_out) {
  if (size > bytes_max_) return false;
  while (!has_room(size)) {
    if (lines_.contains(topic)) return false;
    const auto longest =
        std::ranges::max_element(lines_, {}, [](const auto& line) { return line.second.size(); });
    if (longest == lines_.end() || longest->second.size() < 2) return false;
    --messages_;
    bytes_ -= longest->second.back().payload.size();
    longest->second.pop_back();
    ++left_out;
  }
  return true;
}

Inbox::Taken Inbox::take(std::size_t histories_max, std::chrono::milliseconds timeout) {
  std::unique_lock lock(mutex_);
  ready_.wait_for(lock, timeout, [this] { return closed_ || messages_ > 0 || !healths_.empty(); });
  Taken taken;
  for (auto& [topic, message] : healths_) {
    bytes_ -= message.payload.size();
    taken.healths.push_back(std::move(message));
  }
  healths_.clear();
  while (!turns_.empty() && taken.histories.size() < histories_max) {
    const auto line = lines_.find(turns_.front());
    --messages_;
    bytes_ -= line->second.front().payload.size();
    taken.histories.push_back(std::move(line->second.front()));
    line->second.pop_front();
    if (line->second.empty())
      lines_.erase(line);
    else
      turns_.push_back(turns_.front());
    turns_.pop_front();
  }
  return taken;
}

void Inbox::close() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  ready_.notify_all();
}

std::size_t Inbox::messages() const {
  const std::lock_guard lock(mutex_);
  return messages_ + healths_.size();
}

std::size_t Inbox::bytes() const {
  const std::lock_guard lock(mutex_);
  return bytes_;
}

}  // namespace sitegate::cloud
