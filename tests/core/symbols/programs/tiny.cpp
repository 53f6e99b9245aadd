// Small, for tests that load it thousands of times.
struct Point {
    int x, y;
};
Point points[2] = {{1, 2}, {3, 4}};
thread_local int per_thread = 1;
static int twice(int value) {
    int result = value * 2;
    return result;
}
int main() { return twice(points[1].x) + per_thread; }
