# What the window needs: Dear ImGui, GLFW, EGL, fontconfig, FreeType, stb, and an OpenGL 3.3 loader that glad generates.
# Targets: heddle::imgui, heddle::glad, glfw, OpenGL::EGL, Fontconfig::Fontconfig, Freetype::Freetype, heddle::stb.
find_package(glfw3 REQUIRED)
find_package(Freetype REQUIRED)
find_package(Fontconfig REQUIRED)
find_package(OpenGL REQUIRED COMPONENTS EGL)
set_target_properties(glfw Freetype::Freetype Fontconfig::Fontconfig OpenGL::EGL PROPERTIES IMPORTED_GLOBAL TRUE)

find_path(HEDDLE_STB_INCLUDE stb_image_write.h PATH_SUFFIXES stb REQUIRED)
find_library(HEDDLE_STB_LIBRARY NAMES stb REQUIRED)
add_library(heddle_stb INTERFACE)
target_include_directories(heddle_stb SYSTEM INTERFACE ${HEDDLE_STB_INCLUDE})
target_link_libraries(heddle_stb INTERFACE ${HEDDLE_STB_LIBRARY})
add_library(heddle::stb ALIAS heddle_stb)

# Debian's imgui.pc names no FreeType, so the target is spelled out here. HEDDLE_IMGUI_DIR builds newer sources instead.
set(HEDDLE_IMGUI_DIR "" CACHE PATH "Sources of Dear ImGui 1.90 or later to build instead of the installed library")
if(HEDDLE_IMGUI_DIR)
  set(imgui_sources imgui.cpp imgui_draw.cpp imgui_tables.cpp imgui_widgets.cpp misc/freetype/imgui_freetype.cpp
      backends/imgui_impl_opengl3.cpp)
  list(TRANSFORM imgui_sources PREPEND ${HEDDLE_IMGUI_DIR}/)
  add_library(heddle_imgui STATIC ${imgui_sources})
  target_compile_definitions(heddle_imgui PUBLIC IMGUI_ENABLE_FREETYPE)
  target_include_directories(heddle_imgui SYSTEM PUBLIC ${HEDDLE_IMGUI_DIR} ${HEDDLE_IMGUI_DIR}/backends ${HEDDLE_IMGUI_DIR}/misc/freetype)
  target_link_libraries(heddle_imgui PUBLIC Freetype::Freetype ${CMAKE_DL_LIBS})
else()
  find_path(HEDDLE_IMGUI_INCLUDE imgui.h PATH_SUFFIXES imgui REQUIRED)
  find_library(HEDDLE_IMGUI_LIBRARY NAMES imgui REQUIRED)
  add_library(heddle_imgui INTERFACE)
  target_include_directories(heddle_imgui SYSTEM INTERFACE ${HEDDLE_IMGUI_INCLUDE} ${HEDDLE_IMGUI_INCLUDE}/backends)
  target_link_libraries(heddle_imgui INTERFACE ${HEDDLE_IMGUI_LIBRARY} Freetype::Freetype heddle::stb glfw ${CMAKE_DL_LIBS})
endif()
add_library(heddle::imgui ALIAS heddle_imgui)

# --reproducible keeps glad off the network; the system's python3 is named because another one may come first on PATH.
set(glad_dir ${PROJECT_BINARY_DIR}/generated/glad_gl)
add_custom_command(
  OUTPUT ${glad_dir}/src/gl.c ${glad_dir}/include/glad/gl.h
  COMMAND ${CMAKE_COMMAND} -E env --unset=PYTHONPATH --unset=PYTHONHOME /usr/bin/python3 -I /usr/bin/glad
          --api gl:core=3.3 --extensions "" --out-path ${glad_dir} --reproducible --quiet c
  VERBATIM COMMENT "Generating the OpenGL 3.3 loader")
add_library(heddle_glad STATIC ${glad_dir}/src/gl.c ${glad_dir}/include/glad/gl.h)
target_include_directories(heddle_glad SYSTEM PUBLIC ${glad_dir}/include)
add_library(heddle::glad ALIAS heddle_glad)
