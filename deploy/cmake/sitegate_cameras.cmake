# SITEGATE_CAMERAS: whether a gateway looks through cameras. Everything of OpenCV and zxing-cpp stands behind it; a
# build without is a whole gateway for all other devices. Debian's single -dev packages bring no CMake files, so
# OpenCV's libraries are looked for one by one: opencv::core, opencv::imgproc, …
include_guard()

set(_opencv_modules core imgproc imgcodecs videoio objdetect dnn aruco wechat_qrcode)
find_path(SITEGATE_OPENCV_INCLUDE opencv2/wechat_qrcode.hpp PATH_SUFFIXES opencv4)
find_package(ZXing 1.4 QUIET)
set(_cameras_possible ${ZXing_FOUND})
if(NOT SITEGATE_OPENCV_INCLUDE)
  set(_cameras_possible FALSE)
endif()
foreach(module IN LISTS _opencv_modules)
  find_library(SITEGATE_OPENCV_${module} opencv_${module})
  if(NOT SITEGATE_OPENCV_${module})
    set(_cameras_possible FALSE)
  endif()
endforeach()

option(SITEGATE_CAMERAS "Build the readers that look through cameras (OpenCV 4.6, zxing-cpp 1.4)" ${_cameras_possible})
if(NOT SITEGATE_CAMERAS)
  message(STATUS "Without cameras (SITEGATE_CAMERAS=OFF): face, QR, marker and finger vein by cameras are left out")
  return()
endif()
if(NOT _cameras_possible)
  message(FATAL_ERROR "SITEGATE_CAMERAS=ON needs OpenCV and zxing-cpp: deploy/install-dependencies cameras")
endif()
foreach(module IN LISTS _opencv_modules)
  add_library(opencv::${module} UNKNOWN IMPORTED)
  set_target_properties(opencv::${module} PROPERTIES IMPORTED_LOCATION ${SITEGATE_OPENCV_${module}}
    INTERFACE_INCLUDE_DIRECTORIES ${SITEGATE_OPENCV_INCLUDE})
endforeach()
