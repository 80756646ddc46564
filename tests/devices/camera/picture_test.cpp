// Pictures of unknown origin: JPEG (ITU-T T.81), PNG (RFC 2083), BMP; sizes are looked at before pixels are
// made.
#include "devices/camera/picture.hpp"

#include "tests/devices/camera/camera_fixture.hpp"

namespace sitegate::devices::camera {

using testing::scene;

namespace {

Bytes encoded(const std::string& ending, const cv::Mat& image) {
  Bytes bytes;
  BOOST_REQUIRE(cv::imencode(ending, image, bytes));
  return bytes;
}
/// A PNG's head that promises these sides, and nothing behind it.
Bytes png_of(std::uint32_t width, std::uint32_t height) {
  Bytes bytes = encoded(".png", scene(10));
  for (int i = 0; i < 4; ++i) {
    bytes[16 + std::size_t(i)] = static_cast<std::uint8_t>(width >> (24 - 8 * i));
    bytes[20 + std::size_t(i)] = static_cast<std::uint8_t>(height >> (24 - 8 * i));
  }
  return bytes;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(pictures)

BOOST_AUTO_TEST_CASE(three_formats_are_read) {
  for (const char* ending : {".jpg", ".png", ".bmp"}) {
    const auto bytes = encoded(ending, scene(100));
    BOOST_TEST((size_in_head(bytes).value() == cv::Size(160, 120)), ending);
    const auto image = decode_picture(bytes);
    BOOST_REQUIRE_MESSAGE(image.has_value(), ending);
    BOOST_TEST(image.value().type() == CV_8UC3);
    BOOST_TEST(image.value().isContinuous());
    BOOST_TEST((image.value().size() == cv::Size(160, 120)));
  }
}

BOOST_AUTO_TEST_CASE(grey_pictures_become_colour) {
  cv::Mat grey(40, 50, CV_8UC1, cv::Scalar(90));
  const auto image = decode_picture(encoded(".png", grey));
  BOOST_REQUIRE(image);
  BOOST_TEST((image.value().at<cv::Vec3b>(5, 5) == cv::Vec3b(90, 90, 90)));
  BOOST_TEST(is(checked_picture(cv::Mat(40, 50, CV_32FC1)).error(), PictureErrc::no_picture));
}

BOOST_AUTO_TEST_CASE(a_promise_of_too_many_pixels_is_refused_unread) {
  BOOST_TEST(is(decode_picture(png_of(60'000, 60'000)).error(), PictureErrc::wrong_size));
  BOOST_TEST(is(decode_picture(png_of(4'097, 100)).error(), PictureErrc::wrong_size));
  BOOST_TEST(is(decode_picture(png_of(15, 100)).error(), PictureErrc::wrong_size));
  BOOST_TEST(is(decode_picture(png_of(0xFFFF'FFFF, 0xFFFF'FFFF)).error(), PictureErrc::wrong_size));
  BOOST_TEST(is(decode_picture(Bytes(picture_bytes_max + 1)).error(), PictureErrc::wrong_size));
}

BOOST_AUTO_TEST_CASE(damaged_pictures_are_refused_and_harm_nobody) {
  cv::RNG chance(5);
  for (const char* ending : {".jpg", ".png", ".bmp"}) {
    const auto good = encoded(ending, scene(60));
    for (std::size_t size : {std::size_t{0}, std::size_t{2}, std::size_t{24}, good.size() / 2}) {
      const Bytes cut(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size));
      const auto image = decode_picture(cut);
      BOOST_TEST((!image || image.value().size() == cv::Size(160, 120)));
    }
    for (int round = 0; round < 200; ++round) {
      Bytes spoiled = good;
      for (int i = 0; i < 8; ++i)
        spoiled[static_cast<std::size_t>(chance.uniform(0, int(good.size())))] =
            static_cast<std::uint8_t>(chance.uniform(0, 256));
      const auto image = decode_picture(spoiled);
      BOOST_TEST((!image || image.value().type() == CV_8UC3));
    }
  }
  BOOST_TEST(
      is(decode_picture(to_bytes(as_bytes("GIF89a and more than that"))).error(), PictureErrc::no_picture));
}

BOOST_AUTO_TEST_CASE(files_say_where_they_are) {
  const testing::PictureFolder folder;
  folder.add_bytes("broken.jpg", "\xFF\xD8 no picture");
  const auto broken = read_picture(folder.path() / "broken.jpg");
  BOOST_REQUIRE(!broken);
  BOOST_TEST(broken.error().text().find("broken.jpg") != std::string::npos);
  BOOST_TEST(is(read_picture(folder.path() / "absent.jpg").error(), PictureErrc::unreadable));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::devices::camera
