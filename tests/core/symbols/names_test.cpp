#include "core/symbols/names.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace heddle::symbols {
namespace {

TEST(Names, SimplifyTypesToWhatPeopleWrite) {
    const std::vector<std::pair<std::string, std::string>> rows = {
        {"int", "int"},
        {"std::vector<int, std::allocator<int> >", "std::vector<int>"},
        {"std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> >", "std::string"},
        {"std::vector<std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> >, "
         "std::allocator<std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> > > >",
         "std::vector<std::string>"},
        {"std::map<int, long, std::less<int>, std::allocator<std::pair<int const, long> > >", "std::map<int, long>"},
        {"std::unordered_map<int, int, std::hash<int>, std::equal_to<int>, std::allocator<std::pair<const int, int> > >",
         "std::unordered_map<int, int>"},
        {"std::queue<int, std::deque<int, std::allocator<int> > >", "std::queue<int>"},
        {"std::queue<int, std::list<int, std::allocator<int> > >", "std::queue<int, std::list<int>>"},
        {"std::unique_ptr<Node, std::default_delete<Node> >", "std::unique_ptr<Node>"},
        {"std::unique_ptr<Node, Closer>", "std::unique_ptr<Node, Closer>"},
        {"std::array<int, 3ul>", "std::array<int, 3>"},
        {"std::basic_ostream<char, std::char_traits<char> >", "std::ostream"},
        {"std::function<void (int, std::vector<int, std::allocator<int> >)>", "std::function<void (int, std::vector<int>)>"},
        {"(anonymous namespace)::Secret", "Secret"},
        {"std::tuple<main()::<lambda()> >", "std::tuple<main()::lambda>"},
        {"std::vector<int", "std::vector<int"},
        {"a>b", "a>b"},
        {"", ""},
    };
    for (const auto& [from, to] : rows) EXPECT_EQ(simplify_type_name(from), to) << from;
}

TEST(Names, LeaveHopelesslyNestedTypesAlone) {
    std::string deep;
    for (int i = 0; i < 5000; ++i) deep += "a<";
    EXPECT_EQ(simplify_type_name(deep), deep);
}

TEST(Names, SplitFunctionsIntoShortAndFull) {
    struct Row {
        std::string demangled, name, full_name;
        bool is_lambda = false;
    };
    const std::vector<Row> rows = {
        {"work(int)", "work", "work(int)"},
        {"main", "main", "main"},
        {"Account::deposit(long) const", "Account::deposit", "Account::deposit(long)"},
        {"int twice<int>(int)", "twice<int>", "twice<int>(int)"},
        {"std::vector<int, std::allocator<int> >::push_back(int&&)", "std::vector<int>::push_back",
         "std::vector<int>::push_back(int&&)"},
        {"main::{lambda()#1}::operator()() const", "main::lambda#1", "main::lambda#1()", true},
        {"main::$_0::operator()() const", "main::lambda#1", "main::lambda#1()", true},
        {"work(int)::{lambda(int)#2}::operator()(int) const", "work::lambda#2", "work::lambda#2(int)", true},
        {"operator<<(std::ostream&, Point const&)", "operator<<", "operator<<(std::ostream&, Point const&)"},
        {"Vec::operator<(Vec const&) const", "Vec::operator<", "Vec::operator<(Vec const&)"},
        {"Functor::operator()(int)", "Functor::operator()", "Functor::operator()(int)"},
        {"Shape::~Shape()", "Shape::~Shape", "Shape::~Shape()"},
        {"operator new(unsigned long)", "operator new", "operator new(unsigned long)"},
        {"(anonymous namespace)::helper()", "helper", "helper()"},
        {"cold() [clone .cold]", "cold", "cold()"},
        {"", "", ""},
    };
    for (const Row& row : rows) {
        const FunctionName found = function_name(row.demangled);
        EXPECT_EQ(found.name, row.name) << row.demangled;
        EXPECT_EQ(found.full_name, row.full_name) << row.demangled;
        EXPECT_EQ(found.is_lambda, row.is_lambda) << row.demangled;
    }
}

TEST(Names, SurviveUnbalancedBrackets) {
    for (const std::string text :
         {"operator", "operator()", "operator(", "a(", "a)(", "<<<", ">>>", "{lambda", "$_", "::", "a::", "x<(>)"}) {
        function_name(text);
        simplify_type_name(text);
    }
}

TEST(Names, JoinPathsLexically) {
    EXPECT_EQ(join_path("/home/me", "main.cpp"), "/home/me/main.cpp");
    EXPECT_EQ(join_path("/home/me", "../you/./a.cpp"), "/home/you/a.cpp");
    EXPECT_EQ(join_path("/home/me", "/usr/include/x.h"), "/usr/include/x.h");
    EXPECT_EQ(join_path("", "a.cpp"), "a.cpp");
    EXPECT_EQ(join_path("/", "../../a.cpp"), "/a.cpp");
}

TEST(Names, TellUserFilesFromTheSystems) {
    EXPECT_TRUE(is_user_path("/home/me/main.cpp"));
    EXPECT_TRUE(is_user_path("/usr/share/heddle/scenarios/races/main.cpp"));
    EXPECT_FALSE(is_user_path("/usr/include/c++/12/vector"));
    EXPECT_FALSE(is_user_path("/usr/lib/llvm-14/lib/clang/14.0.6/include/stddef.h"));
    EXPECT_FALSE(is_user_path("/home/me/<built-in>"));
    EXPECT_FALSE(is_user_path(""));
}

}  // namespace
}  // namespace heddle::symbols
