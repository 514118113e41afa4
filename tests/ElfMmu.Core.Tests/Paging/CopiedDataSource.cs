using ElfMmu.Memory;

namespace ElfMmu.Tests.Paging;

/// <summary>Bytes that can't be had in place.</summary>
internal sealed class CopiedDataSource(byte[] bytes) : DataSource
{
    public override string Name => "copied";

    public override ulong Length => (ulong)bytes.Length;

    public override void Read(ulong offset, Span<byte> destination)
    {
        CheckRange(offset, destination.Length);
        bytes.AsSpan((int)offset, destination.Length).CopyTo(destination);
    }

    protected override void Dispose(bool disposing)
    {
    }
}
