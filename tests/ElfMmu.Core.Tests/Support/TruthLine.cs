namespace ElfMmu.Tests.Support;

/// <summary>A mapping of a bare guest as it was designed.</summary>
internal sealed record TruthLine(ulong Address, ulong Size, ulong Physical, bool User, Rights Rights, string Status, string Note)
{
    public ulong Last => Address + (Size - 1);

    public static TruthLine[] Read(string dump) =>
        [.. TestData.Lines(TestData.Path(dump, "truth.txt")).Select(Parse)];

    private static TruthLine Parse(string line)
    {
        string[] parts = line.Split(' ', 6);
        if (!RightsFormat.TryParse(parts[3][1..], out Rights rights))
        {
            throw new FormatException(line);
        }

        (ulong address, ulong size, ulong physical) = (QemuWalk.Hex(parts[0]), QemuWalk.Hex(parts[1]), QemuWalk.Hex(parts[2]));
        return new TruthLine(address, size, physical, parts[3][0] == 'u', rights, parts[4], parts[5]);
    }
}
