using System.Buffers;
using ElfMmu.Memory;
using ElfMmu.Packing;

namespace ElfMmu.Dumps;

/// <summary>The memory in the packed blocks of an AVML file, unpacked chunk by chunk when it is read.</summary>
/// <param name="file">The file, which it takes over.</param>
/// <param name="chunks">Where its chunks are.</param>
/// <param name="zeroFill">Whether damaged chunks are read as zeros.</param>
internal sealed unsafe class AvmlDataSource(DataSource file, AvmlChunks chunks, bool zeroFill)
    : BlockDataSource(file.Name, chunks.Length, SnappyChunk.MostUnpacked, zeroFill)
{
    protected override BlockSpan BlockAt(ulong offset) => chunks.At(offset);

    protected override string? Unpack(in BlockSpan block, Span<byte> destination)
    {
        // The headers were checked when the file was opened; it may have become shorter since.
        file.CheckLength();
        Span<byte> head = stackalloc byte[SnappyChunk.HeaderSize];
        file.Read(block.FileOffset, head);
        var chunk = SnappyChunk.Read(head);
        ulong body = block.FileOffset + SnappyChunk.HeaderSize;
        if ((ulong)chunk.Size > file.Length - body)
        {
            return "a snappy chunk is cut off";
        }

        if (file.Pointer != null)
        {
            return chunk.Unpack(new ReadOnlySpan<byte>(file.Pointer + body, chunk.Size), destination);
        }

        byte[] packed = ArrayPool<byte>.Shared.Rent(chunk.Size);
        try
        {
            file.Read(body, packed.AsSpan(0, chunk.Size));
            return chunk.Unpack(packed.AsSpan(0, chunk.Size), destination);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(packed);
        }
    }

    protected override void DisposeFiles() => file.Dispose();
}
