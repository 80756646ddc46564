#include "deploy/tool/marker.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <iostream>
#include <numeric>
#if SITEGATE_CAMERAS
#include "devices/marker/marker_decoder.hpp"
#include "devices/marker/marker_sheet.hpp"
#endif

namespace sitegate::tool {
namespace {

struct Options {
  std::uint32_t first = 0;
  std::uint32_t count = 1;
  std::string family = "apriltag-36h11";
  double side_mm = 60;
  std::string folder;
};

#if SITEGATE_CAMERAS
using devices::marker::SheetLayout;

Result<void> check(const Options& options, const SheetLayout& layout) {
  const auto known = devices::marker::marker_count(options.family);
  if (options.first >= known || options.count > known - options.first)
    return fail(ToolErrc::bad_argument,
                fmt::format("{} has the markers 0 to {}, not {} to {}", options.family, known - 1,
                            options.first, std::uint64_t{options.first} + options.count - 1));
  if (devices::marker::markers_per_page(layout) == 0)
    return fail(ToolErrc::bad_argument,
                fmt::format("--side-mm {}: with its quiet zone larger than a sheet of A4", options.side_mm));
  return success();
}

Result<int> print_sheets(const Options& options) {
  const SheetLayout layout{.side_mm = options.side_mm};
  SITEGATE_TRYV(check(options, layout));
  const auto per_page = static_cast<std::uint32_t>(devices::marker::markers_per_page(layout));
  std::error_code error;
  std::filesystem::create_directories(options.folder, error);
  if (error) return fail(ToolErrc::cannot_write, options.folder + ": " + error.message());
  for (std::uint32_t done = 0; done < options.count; done += per_page) {
    std::vector<std::uint32_t> ids(std::min(per_page, options.count - done));
    std::iota(ids.begin(), ids.end(), options.first + done);
    const auto file = std::filesystem::path(options.folder) /
                      fmt::format("{}-{:04}-{:04}.svg", options.family, ids.front(), ids.back());
    SITEGATE_TRYV(write_output(file.string(), devices::marker::marker_sheet(options.family, ids, layout)));
    std::cout << file.string() << "\n";
  }
  return exit_done;
}
#else
Result<int> print_sheets(const Options&) {
  return fail(ToolErrc::bad_argument, "this build draws no markers: build with -DSITEGATE_CAMERAS=ON");
}
#endif

}  // namespace

void add_marker(CLI::App& program, Action& chosen) {
  auto* command = program.add_subcommand("marker",
                                         "Prints markers for helmets and cards: sheets of A4 as SVG, each "
                                         "marker with the white quiet zone that it needs "
                                         "(a quarter of its side) and lines to cut along. Print at 100 %, on "
                                         "white matt paper or label stock, never on "
                                         "gloss. A marker is read from a distance of about 20 times its side "
                                         "at 1280 pixels and 60 degrees of view: 60 mm "
                                         "at 1.2 m, 100 mm at 2 m and more. Whose marker it is says the "
                                         "register: `sitegate import credentials` with kind "
                                         "marker, realm the family and uid the number. A marker can be "
                                         "copied with any printer: where that matters, let a "
                                         "second device agree ([gates] require = 2).");
  auto options = add_command<Options>(
      *command,
      "  sitegate marker --first 100 --count 24 --out sheets\n"
      "  sitegate marker --family aruco-6x6-1000 --first 0 --count 500 --side-mm 100 --out sheets",
      chosen, print_sheets);
  command->add_option("--first", options->first, "the first number")->capture_default_str();
  command->add_option("--count", options->count, "how many")
      ->check(CLI::Range(1, 1'000))
      ->capture_default_str();
  command->add_option("--family", options->family, "apriltag-36h11 (587 markers), aruco-6x6-1000 (1,000)")
      ->check(CLI::IsMember({"apriltag-36h11", "aruco-6x6-1000"}))
      ->capture_default_str();
  command->add_option("--side-mm", options->side_mm, "of the black square")
      ->check(CLI::Range(15.0, 120.0))
      ->capture_default_str();
  command->add_option("--out", options->folder, "folder, one file a sheet")->required()->type_name("DIR");
}

}  // namespace sitegate::tool
