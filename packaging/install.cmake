# What `cmake --install` puts where, the lessons' programs built ahead of time, and the Debian package (`cpack`).

if(TARGET heddle)
  # Every scenario's program, built by Heddle itself, so that a machine without a compiler runs the lessons, too. Who builds Heddle
  # need not wait for them: the tests and what is installed have them, scripts/run builds them beside the open window.
  file(GLOB_RECURSE scenario_files CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/scenarios/*.cpp ${PROJECT_SOURCE_DIR}/scenarios/*.toml)
  set(programs ${PROJECT_BINARY_DIR}/programs)
  add_custom_command(
    OUTPUT ${programs}/.built
    COMMAND heddle prebuild ${programs}
    COMMAND ${CMAKE_COMMAND} -E touch ${programs}/.built
    DEPENDS heddle heddle-lab heddle_rt heddle_fibers ${scenario_files}
    COMMENT "Building the scenarios' programs")
  add_custom_target(lesson_programs DEPENDS ${programs}/.built)

  install(TARGETS heddle RUNTIME DESTINATION bin)
  install(TARGETS heddle-lab RUNTIME DESTINATION lib/heddle)
  install(TARGETS heddle_rt heddle_fibers LIBRARY DESTINATION lib/heddle)
  install(CODE "execute_process(COMMAND \"${CMAKE_COMMAND}\" --build \"${PROJECT_BINARY_DIR}\" --target lesson_programs COMMAND_ERROR_IS_FATAL ANY)")
  install(DIRECTORY ${programs}/ DESTINATION lib/heddle/programs USE_SOURCE_PERMISSIONS PATTERN ".built" EXCLUDE)
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/scenarios ${PROJECT_SOURCE_DIR}/assets DESTINATION share/heddle)
  install(FILES ${PROJECT_SOURCE_DIR}/assets/desktop/heddle.desktop DESTINATION share/applications)
  install(FILES ${PROJECT_SOURCE_DIR}/assets/desktop/heddle.svg DESTINATION share/icons/hicolor/scalable/apps)
  install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION share/doc/heddle RENAME copyright)
endif()

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME heddle)
set(CPACK_PACKAGE_CONTACT "The Heddle authors <heddle@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "Shows what processes and threads really do")
set(CPACK_DEBIAN_PACKAGE_SECTION education)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "libgl1, libegl1, libgl1-mesa-dri, fontconfig, fonts-dejavu-core")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "fonts-noto-cjk, g++")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES OFF) # the programs of the lessons need their debug information
include(CPack)
