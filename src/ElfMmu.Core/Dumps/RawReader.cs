using ElfMmu.Memory;

namespace ElfMmu.Dumps;

/// <summary>A raw image: RAM from one physical address on, byte after byte, of any length.</summary>
internal sealed class RawReader : IDumpReader
{
    /// <summary>What the container is called.</summary>
    public const string Container = "raw image";

    public bool Matches(ReadOnlySpan<byte> head) => true;

    public DumpContent Read(DataSource source, DumpOpening opening)
    {
        if (source.Length == 0)
        {
            throw new ElfMmuException("DumpEmpty", ErrorKind.InvalidData, $"'{source.Name}' is empty.") { Path = source.Name };
        }

        ulong? described = opening.Description?.Ram is [var first, ..] ? first.Start : null;
        ulong ramBase = opening.RamBase ?? described ?? 0;
        if (source.Length - 1 > ulong.MaxValue - ramBase)
        {
            throw new ElfMmuException(
                "RamBaseInvalid",
                ErrorKind.InvalidArgument,
                $"A RAM base of 0x{ramBase:x} would carry the {source.Length} bytes of '{source.Name}' past the end of the "
                + "address space.");
        }

        var content = new DumpContent
        {
            Container = Container,
            IsPlaced = opening.RamBase != null || described != null,
            Runs = [new PhysicalRun(ramBase, source.Length, source, 0)],
        };
        string reason = opening.RamBase != null ? "as given" : described != null ? "as the machine description says" : "by default";
        content.Remarks.Add($"'{source.Name}' is taken as a raw image of RAM from physical 0x{ramBase:x} on, {reason}.");
        return content;
    }
}
