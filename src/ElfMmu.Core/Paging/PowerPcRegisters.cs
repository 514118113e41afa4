namespace ElfMmu.Paging;

/// <summary>The registers of a 32-bit PowerPC that paging depends on.</summary>
/// <remarks>The Programming Environments Manual for 32-Bit Microprocessors, "PowerPC OEA Register Set".</remarks>
internal static class PowerPcRegisters
{
    // The architecture has four of each; later processors (7455, e300) have eight.
    private const int MaximumBats = 8;

    public static readonly PagingRegister Sdr1 = new("SDR1", "the hash table and its size");

    public static readonly PagingRegister[] Segments =
        [.. Enumerable.Range(0, 16).Select(i => new PagingRegister($"SR{i}", $"the segment of 0x{i:x}0000000"))];

    public static readonly PagingRegister[] InstructionBats = [.. Bats("IBAT", "instructions")];

    public static readonly PagingRegister[] DataBats = [.. Bats("DBAT", "data")];

    /// <summary>The segment registers; null for those that aren't known.</summary>
    public static PowerPcSegment?[] SegmentsIn(RegisterSet registers) =>
        [.. Segments.Select(s => s.In(registers) is { } value ? new PowerPcSegment((uint)value) : (PowerPcSegment?)null)];

    /// <summary>The BATs of one side of which both halves are known, in the order the processor prefers them.</summary>
    public static PowerPcBat[] BatsIn(PagingRegister[] bats, RegisterSet registers) =>
        [.. bats.Chunk(2)
            .Select(pair => (Upper: pair[0].In(registers), Lower: pair[1].In(registers)))
            .Where(pair => pair.Upper != null && pair.Lower != null)
            .Select(pair => new PowerPcBat((uint)pair.Upper!.Value, (uint)pair.Lower!.Value))];

    /// <summary>What a pair of BATs with some value is called: <c>DBAT0</c>.</summary>
    public static string NameOf(PowerPcBat bat, PagingRegister[] bats, RegisterSet registers) => bats.Chunk(2)
        .First(pair => pair[0].In(registers) is { } upper && pair[1].In(registers) is { } lower
            && new PowerPcBat((uint)upper, (uint)lower) == bat)[0].Name[..^1];

    private static IEnumerable<PagingRegister> Bats(string name, string what) =>
        Enumerable.Range(0, MaximumBats).SelectMany(i => new PagingRegister[]
        {
            new($"{name}{i}U", $"a block of {what}: its addresses and who it is for"),
            new($"{name}{i}L", $"a block of {what}: where it lies and its rights"),
        });
}
