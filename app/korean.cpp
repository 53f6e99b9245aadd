#include "app/korean.h"

#include <cctype>
#include <cstdint>
#include <string>

namespace heddle {
namespace {

// The last code point of UTF-8 text and where it begins; 0 for an empty or malformed end.
char32_t last_code_point(std::string_view text, std::size_t& begin) {
    begin = text.size();
    while (begin > 0) {
        --begin;
        if ((static_cast<unsigned char>(text[begin]) & 0xc0) != 0x80) break;
    }
    const std::size_t length = text.size() - begin;
    if (length == 0) return 0;
    const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(text[begin + i])); };
    if (length == 1) return byte(0) < 0x80 ? byte(0) : 0;
    if (length == 2) return ((byte(0) & 0x1f) << 6) | (byte(1) & 0x3f);
    if (length == 3) return ((byte(0) & 0x0f) << 12) | ((byte(1) & 0x3f) << 6) | (byte(2) & 0x3f);
    return 0;
}

bool is_skipped(char32_t c) {
    return c != 0 && (std::u32string_view(U" \t)]}>\"'`*.,;:!?’”」』").find(c) != std::u32string_view::npos);
}

LastSound of_hangul(char32_t syllable) {
    const char32_t final = (syllable - 0xac00) % 28;  // Unicode 3.12: the index of the final consonant, 0 is none
    return final == 0 ? LastSound::kVowel : final == 8 ? LastSound::kRieul : LastSound::kConsonant;
}

// 영 일 이 삼 사 오 육 칠 팔 구; ten and its powers (십 백 천 만) all end in a consonant.
LastSound of_number(std::string_view word) {
    std::size_t zeros = 0;
    while (zeros < word.size() && (word[word.size() - 1 - zeros] == '0' || word[word.size() - 1 - zeros] == ',')) ++zeros;
    if (zeros > 0) return LastSound::kConsonant;
    constexpr LastSound kDigits[10] = {LastSound::kConsonant, LastSound::kRieul, LastSound::kVowel,     LastSound::kConsonant,
                                       LastSound::kVowel,     LastSound::kVowel, LastSound::kConsonant, LastSound::kRieul,
                                       LastSound::kRieul,     LastSound::kVowel};
    return kDigits[word.back() - '0'];
}

// Single letters and acronyms are spelt out: 엘 and 알 end in ㄹ, 엠 and 엔 in a consonant, the others in a vowel.
LastSound of_letter(char letter) {
    switch (letter) {
        case 'L':
        case 'R':
            return LastSound::kRieul;
        case 'M':
        case 'N':
            return LastSound::kConsonant;
        default:
            return LastSound::kVowel;
    }
}

bool ends(std::string_view word, std::initializer_list<std::string_view> tails) {
    for (const std::string_view tail : tails)
        if (word.size() >= tail.size() && word.substr(word.size() - tail.size()) == tail) return true;
    return false;
}

// English words by their spelling, as they are usually written in Hangul: lock 락, fork 포크, mutex 뮤텍스, main 메인.
LastSound of_word(std::string_view word) {
    if (ends(word, {"le", "el", "al", "ol", "il", "ll", "ul"})) return LastSound::kRieul;  // 테이블, 커널, 시그널, 풀
    if (ends(word, {"ng", "n", "m", "ne", "me"}) && !ends(word, {"sm"})) return LastSound::kConsonant;  // 메인, 타임
    // Also behind two vowels: heap 힙, sleep 슬립, hook 훅, timeout 타임아웃; and bit 비트, exit 엑시트 go their own way.
    if (ends(word, {"eap", "eep", "ook", "out", "group"})) return LastSound::kConsonant;
    if (ends(word, {"bit", "xit", "dit"})) return LastSound::kVowel;
    // A short vowel before a stop closes the syllable: lock 락, map 맵, stop 스톱, set 셋, malloc 맬록, job 잡.
    const auto vowel = [](char c) { return std::string_view("aeiou").find(c) != std::string_view::npos; };
    if (ends(word, {"ck", "op", "ap", "ip", "up", "ep", "et", "ot", "it", "ut", "ac", "ec", "ic", "oc", "ab", "eb", "ob"})) {
        const std::size_t before = word.size() - (ends(word, {"ck"}) ? 3 : 2);
        const bool long_vowel = before > 0 && before < word.size() && vowel(word[before]) && vowel(word[before - 1]);
        return long_vowel ? LastSound::kVowel : LastSound::kConsonant;
    }
    return LastSound::kVowel;
}

// Ends with digits behind 0x, which are read one by one.
bool is_hexadecimal(std::string_view word) {
    std::size_t from = word.size();
    while (from > 0 && std::isxdigit(static_cast<unsigned char>(word[from - 1]))) --from;
    return from > 1 && from < word.size() && word[from - 1] == 'x' && word[from - 2] == '0';
}

}  // namespace

LastSound last_sound(std::string_view word) {
    std::size_t begin = 0;
    char32_t c = last_code_point(word, begin);
    while (is_skipped(c)) {
        // "PCB(프로세스 제어 블록)" is read as what stands in the brackets; empty brackets, as of f(), are silent.
        word = word.substr(0, begin);
        if (c == U')' && !word.empty() && word.back() == '(') word.remove_suffix(1);
        c = last_code_point(word, begin);
    }
    if (c >= 0xac00 && c <= 0xd7a3) return of_hangul(c);
    if (c >= U'0' && c <= U'9') {
        std::size_t from = word.size();
        while (from > 0 && (std::isdigit(static_cast<unsigned char>(word[from - 1])) || word[from - 1] == ',')) --from;
        return word.substr(from) == "0" ? LastSound::kConsonant : of_number(word.substr(from));
    }
    if (c < 0x80 && std::isalpha(static_cast<int>(c))) {
        if (is_hexadecimal(word)) return LastSound::kVowel;  // 에이, 비, 시, 디, 이, 에프
        std::size_t from = word.size();
        while (from > 0 && std::isalpha(static_cast<unsigned char>(word[from - 1]))) --from;
        const std::string_view latin = word.substr(from);
        const bool spelt =
            latin.size() == 1 || (std::isupper(static_cast<int>(c)) && std::isupper(static_cast<unsigned char>(latin.front())));
        return spelt ? of_letter(static_cast<char>(std::toupper(static_cast<int>(c)))) : of_word(latin);
    }
    return LastSound::kVowel;
}

std::string_view particle(std::string_view word, std::string_view pair) {
    const std::size_t slash = pair.find('/');
    if (slash == std::string_view::npos) return pair;
    const std::string_view after_consonant = pair.substr(0, slash), after_vowel = pair.substr(slash + 1);
    const LastSound sound = last_sound(word);
    const bool ro = after_consonant.substr(0, 3) == "으";
    return sound == LastSound::kConsonant || (sound == LastSound::kRieul && !ro) ? after_consonant : after_vowel;
}

}  // namespace heddle
