using System.Buffers.Binary;
using ElfMmu.Memory;
using ElfMmu.Packing;

namespace ElfMmu.Dumps;

/// <summary>Looks for the next sound block of an AVML file behind one that is damaged.</summary>
/// <param name="file">The file.</param>
/// <param name="cancellation">Ends it.</param>
internal sealed class AvmlSearch(DataSource file, CancellationToken cancellation)
{
    private const int LeastWindow = 4 << 10;
    private const int MostWindow = 1 << 20;

    // What looks like a block is gone over once more, chunk by chunk; a file made to look so everywhere mustn't take for ever.
    private const long MostVisits = 1 << 24;

    private byte[] _window = [];
    private long _visits = MostVisits;

    /// <summary>
    /// The offset of the next block whose header, chunks and trailer agree with each other, or the end of the file. O(what is passed over).
    /// </summary>
    /// <param name="from">Where to start.</param>
    public ulong Next(ulong from)
    {
        for (int size = LeastWindow; from < file.Length && _visits > 0; size = Math.Min(2 * size, MostWindow))
        {
            cancellation.ThrowIfCancellationRequested();
            if (_window.Length < size)
            {
                _window = new byte[size];
            }

            Span<byte> bytes = _window.AsSpan(0, (int)Math.Min((ulong)size, file.Length - from));
            file.Read(from, bytes);
            int found;
            for (int at = 0; (found = bytes[at..].IndexOf(LimeHeader.PackedMagic)) >= 0; at++)
            {
                at += found;
                if (IsBlock(from + (ulong)at))
                {
                    return from + (ulong)at;
                }
            }

            // A header may cross the windows' border.
            from += (ulong)Math.Max(1, bytes.Length - LimeHeader.PackedMagic.Length + 1);
        }

        return file.Length;
    }

    /// <summary>Memory can hold parts of such files too, but hardly a whole block of one.</summary>
    private bool IsBlock(ulong at)
    {
        Span<byte> head = stackalloc byte[LimeHeader.Size + 10];
        if (file.Length - at < (ulong)head.Length)
        {
            return false;
        }

        file.Read(at, head);
        LimeHeader.TryRead(head, out LimeHeader header);
        ulong stream = at + LimeHeader.Size;
        ulong end = stream;
        Span<byte> trailer = stackalloc byte[8];
        if (header.Reserved != 0 || header.Length is 0 or > LimeIndex.AvmlBlockSize || !head.EndsWith(SnappyChunk.StreamStart)
            || LimeIndex.WalkChunks(file, ref end, header.Length, null, ref _visits, out _, cancellation) != null
            || file.Length - end < (ulong)trailer.Length)
        {
            return false;
        }

        file.Read(end, trailer);
        return BinaryPrimitives.ReadUInt64LittleEndian(trailer) == end - stream;
    }
}
