// Every screen, drawn off-screen from runs made by hand, against the stored reference pictures and the places of its elements.
//
// A screen that was changed on purpose: look at build/<preset>/screens, then write the references anew with
//   HEDDLE_SCREENS=write build/<preset>/test_screens
// and commit them with the change. The pictures hold for the minor version of Dear ImGui that references/imgui-version names;
// with another one only the places are compared.
#include <gtest/gtest.h>
#include <imgui.h>
#include <stb_image.h>
#include <stb_image_write.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "app/window/png.h"
#include "tests/screens/geometry.h"
#include "tests/screens/picture_difference.h"
#include "tests/screens/screens.h"
#include "tests/support/folders.h"

namespace heddle::test {
namespace {

namespace fs = std::filesystem;

const fs::path kReferences = testing_support::source_folder() + "/tests/screens/references",
               kResults = testing_support::build_folder() + "/screens";

bool writing() {
    const char* const asked = std::getenv("HEDDLE_SCREENS");
    return asked != nullptr && std::string(asked) == "write";
}

std::string content_of(const fs::path& path) {
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
}

// "1.86.1 WIP" and "1.86" are the same minor version.
std::string imgui_version() {
    const std::string whole = ImGui::GetVersion();
    return whole.substr(0, whole.find_first_not_of("0123456789", whole.find('.') + 1));
}

bool save(const fs::path& path, const SmallPicture& picture) {
    return ::stbi_write_png(path.c_str(), picture.width, picture.height, 3, picture.rgb.data(), picture.width * 3) != 0;
}

std::optional<SmallPicture> load(const fs::path& path) {
    SmallPicture picture;
    int channels = 0;
    unsigned char* const bytes = ::stbi_load(path.c_str(), &picture.width, &picture.height, &channels, 3);
    if (bytes == nullptr) return {};
    picture.rgb.assign(bytes, bytes + static_cast<std::ptrdiff_t>(picture.width) * picture.height * 3);
    ::stbi_image_free(bytes);
    return picture;
}

void expect_picture(const std::string& name, const window::Image& image) {
    const SmallPicture actual = small_picture(image);
    const fs::path file = kReferences / (name + ".png");
    const auto reference = load(file);
    ASSERT_TRUE(reference) << "there is no reference picture " << file << "; the head of this test says how to write it";
    const Difference difference = compare(*reference, actual);
    if (!difference.is_one()) return;
    const auto result = [&](const char* what) { return kResults / (name + "-" + what + ".png"); };
    save(result("actual"), actual), save(result("reference"), *reference);
    save(result("difference"), difference_picture(*reference, actual));
    (void)window::write_png(result("full"), image);
    ADD_FAILURE() << name << " looks different: " << (difference.same_size ? "" : "another size, ") << "mean difference "
                  << difference.mean << ", " << static_cast<int>(difference.worst_block * 100) << " % of the block at "
                  << difference.where.x << ", " << difference.where.y << " clearly differs\n  actual     "
                  << result("actual").string() << "\n  reference  " << result("reference").string() << "\n  difference "
                  << result("difference").string() << "\n  full size  " << result("full").string();
}

class Screens : public testing::TestWithParam<Look> {};

TEST_P(Screens, LookAsTheirReferencePicturesDo) {
    fs::create_directories(kResults);
    if (writing()) {
        fs::create_directories(kReferences);
        std::ofstream(kReferences / "imgui-version") << imgui_version() << "\n";
    }
    const std::string known = content_of(kReferences / "imgui-version");
    const bool pictures = known == imgui_version() + "\n";
    if (!pictures)
        std::printf("The reference pictures are of Dear ImGui %s; this is %s: places are compared, pictures are not.\n",
                    known.c_str(), ImGui::GetVersion());
    Artist artist(GetParam());
    for (const Screen& screen : screens()) {
        const std::string name = screen.name + "-" + GetParam().name;
        canvas::LayoutLog log;
        const auto image = artist.draw(screen, &log);
        ASSERT_TRUE(image) << image.error().message();
        const fs::path places = kReferences / (screen.name + "-" + std::string(code_of(GetParam().language)) + ".txt");
        if (writing()) {
            ASSERT_TRUE(save(kReferences / (name + ".png"), small_picture(*image)));
            ASSERT_TRUE(window::write_png(kResults / (name + "-full.png"), *image));
            std::ofstream(places) << to_text(geometry_of(log));
            continue;
        }
        const std::string difference = moved(geometry_from(content_of(places)), geometry_of(log));
        EXPECT_TRUE(difference.empty()) << name << ", against " << places.string() << ":\n" << difference;
        if (pictures) expect_picture(name, *image);
    }
}

INSTANTIATE_TEST_SUITE_P(, Screens, testing::ValuesIn(looks()), [](const auto& look) {
    std::string name = look.param.name;
    name.erase(name.find('-'), 1);
    return name;
});

}  // namespace
}  // namespace heddle::test
