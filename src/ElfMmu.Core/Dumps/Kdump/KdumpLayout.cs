namespace ElfMmu.Dumps;

/// <summary>
/// How a kdump-compressed file was laid out by the compiler of who wrote it: the header is a struct of C whose padding depends on the machine.
/// </summary>
/// <param name="WordSize">The size of a C long in bits.</param>
/// <param name="IsBigEndian">The byte order.</param>
/// <param name="TimeAt">The offset of the time stamp.</param>
/// <param name="TimeSize">The size of each of its two numbers in bytes.</param>
/// <param name="IsPadded">Whether 64-bit numbers stand at multiples of 8: not so on x86 of 32 bits.</param>
internal readonly record struct KdumpLayout(int WordSize, bool IsBigEndian, int TimeAt, int TimeSize, bool IsPadded)
{
    /// <summary>All there are: 64 bits, 32 bits, and 32 bits with a time of 64 bits, either way aligned.</summary>
    public static KdumpLayout[] All { get; } =
    [
        new(64, false, 408, 8, true),
        new(64, true, 408, 8, true),
        new(32, false, 404, 4, false),
        new(32, false, 404, 4, true),
        new(32, true, 404, 4, false),
        new(32, true, 404, 4, true),
        new(32, false, 408, 8, true),
        new(32, true, 408, 8, true),
        new(32, false, 404, 8, false),
    ];

    /// <summary>The offset of the number that follows the time stamp: the status.</summary>
    public int StatusAt => TimeAt + (2 * TimeSize);
}
