#include "devices/scanner/keyboard_source.hpp"

#include <fcntl.h>
#include <libevdev/libevdev.h>

#include <cerrno>
#include <cstring>

#include "devices/reader.hpp"

namespace sitegate::devices::scanner {
namespace {

/// So that a device that never falls silent cannot keep the reader from its stop.
constexpr int events_per_read_max = 4096;

}  // namespace

Result<KeyboardSettings> keyboard_settings(const Url& url) {
  if (!url.authority.empty() || !url.path.starts_with('/'))
    return fail(ReaderErrc::bad_setting,
                "a keyboard scanner is named scanner+hid:///dev/input/by-id/usb-…-event-kbd");
  const auto word = url.get("layout", "us");
  const auto layout = parse_layout(word);
  if (!layout) return fail(ReaderErrc::bad_setting, "layout=" + word + ": us or jp");
  return KeyboardSettings{url.path, *layout};
}

void KeyboardSource::FreeKeyboard::operator()(libevdev* keyboard) const {
  ::libevdev_free(keyboard);
}

KeyboardSource::KeyboardSource(KeyboardSettings settings)
    : settings_(std::move(settings)), decoder_(settings_.layout) {}

KeyboardSource::~KeyboardSource() {
  close();
}

void KeyboardSource::close() {
  keyboard_.reset();
  device_.reset();  // the kernel gives up the grab with it
  decoder_.reset();
}

Result<void> KeyboardSource::open() {
  close();
  SITEGATE_TRY(number, open_device(settings_.path, O_RDONLY));
  device_.reset(number);
  libevdev* keyboard = nullptr;
  if (const int code = ::libevdev_new_from_fd(number, &keyboard); code != 0)
    return fail(ReaderErrc::device_failed, settings_.path + ": is no input device: " + std::strerror(-code));
  keyboard_.reset(keyboard);
  const char* model = ::libevdev_get_name(keyboard);
  described_ = std::string(" (") + (model == nullptr ? "" : model) + ")";
  if (::libevdev_has_event_code(keyboard, EV_KEY, KEY_ENTER) == 0 ||
      ::libevdev_has_event_code(keyboard, EV_KEY, KEY_1) == 0)
    return fail(ReaderErrc::device_failed,
                name() + ": is no keyboard; take the name that ends with -event-kbd");
  if (const int code = ::libevdev_grab(keyboard, LIBEVDEV_GRAB); code != 0)
    return fail(ReaderErrc::device_failed,
                name() + ": cannot be taken, another program holds it: " + std::strerror(-code));
  return success();
}

void KeyboardSource::pass_over_lost() {
  input_event event{};
  while (::libevdev_next_event(keyboard_.get(), LIBEVDEV_READ_FLAG_SYNC, &event) ==
         LIBEVDEV_READ_STATUS_SYNC) {
  }
  decoder_.reset();
}

Result<ScanSource::Chunk> KeyboardSource::read() {
  Chunk chunk;
  for (int i = 0; i < events_per_read_max; ++i) {
    input_event event{};
    const int status = ::libevdev_next_event(keyboard_.get(), LIBEVDEV_READ_FLAG_NORMAL, &event);
    if (status == -EAGAIN || status == -EINTR) break;
    if (status < 0) return fail(ReaderErrc::device_gone, settings_.path + ": unplugged");
    if (status == LIBEVDEV_READ_STATUS_SYNC) {
      pass_over_lost();
      return Chunk{{}, true};  // what came before in this chunk is half a code, too
    }
    if (event.type != EV_KEY) continue;
    if (const auto byte = decoder_.take({event.code, event.value})) chunk.bytes.push_back(*byte);
  }
  return chunk;
}

}  // namespace sitegate::devices::scanner
