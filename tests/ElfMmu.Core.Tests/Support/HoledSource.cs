using ElfMmu.Memory;

namespace ElfMmu.Tests.Support;

/// <summary>Bytes of which every granule that is zeros is a hole.</summary>
internal sealed class HoledSource(byte[] bytes, int granule) : DataSource
{
    public override string Name => "holed";

    public override ulong Length => (ulong)bytes.Length;

    /// <summary>How many bytes were read.</summary>
    public long Taken { get; private set; }

    public override void Read(ulong offset, Span<byte> destination)
    {
        CheckRange(offset, destination.Length);
        bytes.AsSpan((int)offset, destination.Length).CopyTo(destination);
        Taken += destination.Length;
    }

    internal override bool IsHole(ulong offset, out ulong end)
    {
        int at = (int)offset / granule;
        bool isHole = IsZeros(at);
        do
        {
            at++;
        }
        while (at * granule < bytes.Length && IsZeros(at) == isHole);

        end = (ulong)Math.Min(at * granule, bytes.Length);
        return isHole;
    }

    protected override void Dispose(bool disposing)
    {
    }

    private bool IsZeros(int number) =>
        !bytes.AsSpan(number * granule, Math.Min(granule, bytes.Length - (number * granule))).ContainsAnyExcept((byte)0);
}
