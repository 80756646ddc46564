# How every part of SiteGate is built. A module is a folder is a target: sitegate_library(edge::outbox …) builds the
# sources of edge/outbox as sitegate::edge::outbox, and its DEPS lines are the architecture picture.
include_guard()

option(SITEGATE_TESTS "Build the tests" ON)
option(SITEGATE_FUZZ "Build the fuzz targets for libFuzzer (clang) and no other tests" OFF)
set(SITEGATE_SANITIZE "" CACHE STRING "Sanitizers for -fsanitize=, e.g. address,undefined or thread")

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)

find_program(SITEGATE_CCACHE ccache)
if(SITEGATE_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${SITEGATE_CCACHE})
endif()

find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(spdlog REQUIRED)
find_package(Boost 1.74 REQUIRED)
if(SITEGATE_TESTS AND NOT SITEGATE_FUZZ)
  find_package(Boost 1.74 REQUIRED COMPONENTS unit_test_framework)
endif()
pkg_check_modules(lmdb REQUIRED IMPORTED_TARGET lmdb)
pkg_check_modules(zstd REQUIRED IMPORTED_TARGET libzstd)
pkg_check_modules(pcsclite REQUIRED IMPORTED_TARGET libpcsclite)
pkg_check_modules(libre REQUIRED IMPORTED_TARGET libre)
pkg_check_modules(libmodbus REQUIRED IMPORTED_TARGET libmodbus)
pkg_check_modules(libgpiod REQUIRED IMPORTED_TARGET libgpiod)
find_program(SITEGATE_FLATC flatc REQUIRED)

# What every target is compiled with; warnings are errors. -Wrestrict and -Wmaybe-uninitialized are off because gcc 12
# reports them inside libstdc++'s own headers at -O2.
add_library(sitegate_options INTERFACE)
target_include_directories(sitegate_options INTERFACE ${CMAKE_SOURCE_DIR} ${CMAKE_BINARY_DIR})
target_compile_options(sitegate_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor
  -Woverloaded-virtual -Wimplicit-fallthrough -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(sitegate_options INTERFACE -Wno-restrict -Wno-maybe-uninitialized)
endif()
target_compile_definitions(sitegate_options INTERFACE SITEGATE_VERSION="${PROJECT_VERSION}")
target_link_libraries(sitegate_options INTERFACE Threads::Threads)
if(SITEGATE_SANITIZE)
  target_compile_options(sitegate_options INTERFACE -fsanitize=${SITEGATE_SANITIZE} -fno-omit-frame-pointer
    -fno-sanitize-recover=all $<$<CXX_COMPILER_ID:GNU>:-Wno-tsan>)
  # A null dereference ends the program anyway; checking each one in advance costs a third of the compile time.
  if(SITEGATE_SANITIZE MATCHES undefined)
    target_compile_options(sitegate_options INTERFACE -fno-sanitize=null)
  endif()
  target_link_options(sitegate_options INTERFACE -fsanitize=${SITEGATE_SANITIZE})
endif()

if(SITEGATE_FUZZ)
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    message(FATAL_ERROR "libFuzzer belongs to clang: use the preset fuzz")
  endif()
  # Counts branches everywhere; the driver itself is linked to fuzz targets only.
  target_compile_options(sitegate_options INTERFACE -fsanitize=fuzzer-no-link)
endif()

# For every test, so that a bare ctest behaves like tests/run.
set(SITEGATE_TEST_ENVIRONMENT "SITEGATE_BIN=${CMAKE_RUNTIME_OUTPUT_DIRECTORY}" "SITEGATE_SOURCE=${CMAKE_SOURCE_DIR}"
  "SITEGATE_PRESET=${SITEGATE_PRESET}"
  "ASAN_OPTIONS=detect_leaks=1"
  "UBSAN_OPTIONS=print_stacktrace=1"
  "LSAN_OPTIONS=suppressions=${CMAKE_SOURCE_DIR}/tests/lsan.supp:print_suppressions=0"
  "TSAN_OPTIONS=suppressions=${CMAKE_SOURCE_DIR}/tests/tsan.supp:halt_on_error=1")
file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/reports)

# shared::base -> sitegate_shared_base
function(_sitegate_target out name)
  string(REPLACE "::" "_" flat "${name}")
  set(${out} sitegate_${flat} PARENT_SCOPE)
endfunction()

function(_sitegate_link target visibility)
  foreach(dep IN LISTS ARGN)
    _sitegate_target(dep_target ${dep})
    target_link_libraries(${target} ${visibility} ${dep_target})
  endforeach()
endfunction()

# sitegate_library(<part>::<folder> SOURCES … [DEPS <our modules>…] [LIBS <third-party targets>…] [SCHEMAS <*.fbs>…])
function(sitegate_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS;LIBS;SCHEMAS" ${ARGN})
  _sitegate_target(target ${name})
  if(ARG_SOURCES)
    add_library(${target} STATIC ${ARG_SOURCES})
    set(visibility PUBLIC)
  else()
    add_library(${target} INTERFACE)
    set(visibility INTERFACE)
  endif()
  add_library(sitegate::${name} ALIAS ${target})
  target_link_libraries(${target} ${visibility} sitegate_options ${ARG_LIBS})
  _sitegate_link(${target} ${visibility} ${ARG_DEPS})
  foreach(schema IN LISTS ARG_SCHEMAS)
    get_filename_component(stem ${schema} NAME_WE)
    file(RELATIVE_PATH folder ${CMAKE_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR})
    set(header ${CMAKE_BINARY_DIR}/${folder}/${stem}_generated.h)
    add_custom_command(OUTPUT ${header}
      COMMAND ${SITEGATE_FLATC} --cpp --cpp-std c++17 --scoped-enums -o ${CMAKE_BINARY_DIR}/${folder}
              ${CMAKE_CURRENT_SOURCE_DIR}/${schema}
      DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${schema} VERBATIM)
    target_sources(${target} PRIVATE ${header})
  endforeach()
endfunction()

# sitegate_program(<program name> SOURCES … DEPS …)
function(sitegate_program name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS;LIBS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE sitegate_options ${ARG_LIBS})
  _sitegate_link(${name} PRIVATE ${ARG_DEPS})
endfunction()

# sitegate_test(<mirror of the module> SOURCES … DEPS … [LABEL slow|faults|bench] [TIMEOUT seconds]): one program of
# Boost.Test cases, one CTest entry.
function(sitegate_test name)
  cmake_parse_arguments(ARG "" "LABEL;TIMEOUT;MAIN" "SOURCES;DEPS;LIBS;PROGRAMS" ${ARGN})
  if(NOT ARG_MAIN)
    set(ARG_MAIN sitegate_test_main)
  endif()
  string(REPLACE "::" "_" flat "${name}")
  set(target test_${flat})
  add_executable(${target} ${ARG_SOURCES} $<TARGET_OBJECTS:${ARG_MAIN}>)
  target_compile_definitions(${target} PRIVATE BOOST_TEST_DYN_LINK)
  target_link_libraries(${target} PRIVATE sitegate_options Boost::unit_test_framework ${ARG_LIBS})
  _sitegate_link(${target} PRIVATE ${ARG_DEPS})
  if(ARG_PROGRAMS)
    add_dependencies(${target} ${ARG_PROGRAMS})
  endif()
  if(NOT ARG_LABEL)
    set(ARG_LABEL common)
  endif()
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 300)
  endif()
  # The report is what tests/run counts; a program that crashes leaves none.
  add_test(NAME ${flat} COMMAND ${target} --log_level=test_suite --color_output=no --report_level=short
    --report_format=XML --report_sink=${CMAKE_BINARY_DIR}/reports/${flat}.xml)
  set_tests_properties(${flat} PROPERTIES LABELS ${ARG_LABEL} TIMEOUT ${ARG_TIMEOUT}
    ENVIRONMENT "${SITEGATE_TEST_ENVIRONMENT}")
endfunction()

# sitegate_fuzz(<name> SOURCES <name>_fuzz.cpp … DEPS …): a function LLVMFuzzerTestOneInput and its corpus,
# tests/corpus/<name>/. With SITEGATE_FUZZ the program fuzz_<name> for libFuzzer; otherwise the common test
# test_fuzz_<name>, which gives it the corpus and what a fuzzer would try first (tests/fuzz/replay_main.cpp).
function(sitegate_fuzz name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS;LIBS" ${ARGN})
  set(corpus ${CMAKE_SOURCE_DIR}/tests/corpus/${name})
  if(NOT IS_DIRECTORY ${corpus})
    message(FATAL_ERROR "sitegate_fuzz(${name}): no corpus in tests/corpus/${name}")
  endif()
  if(NOT SITEGATE_FUZZ)
    sitegate_test(fuzz::${name} SOURCES ${ARG_SOURCES} DEPS ${ARG_DEPS} LIBS ${ARG_LIBS}
      MAIN sitegate_replay_main)
    return()
  endif()
  sitegate_program(fuzz_${name} SOURCES ${ARG_SOURCES} DEPS ${ARG_DEPS} LIBS ${ARG_LIBS})
  target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
endfunction()
