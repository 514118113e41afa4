using System.Buffers.Binary;
using ElfMmu.Memory;
using ElfMmu.Packing;

namespace ElfMmu.Dumps;

/// <summary>
/// Finds out what is where in a LiME or AVML file, in one pass over the headers of ranges and chunks; nothing is unpacked. A file can hold
/// blocks of both kinds, as AVML's own converter takes them. O(ranges + chunks).
/// </summary>
/// <param name="file">The file.</param>
/// <param name="opening">What is known while it is being opened.</param>
internal sealed class LimeIndex(DataSource file, DumpOpening opening)
{
    /// <summary>The most bytes that AVML puts into a block.</summary>
    public const ulong AvmlBlockSize = 16 << 20;

    private const int TrailerSize = 8;

    private readonly AvmlSearch _search = new(file, opening.Cancellation);

    /// <summary>The ranges in the order of the file; those of packed blocks that touch each other as one.</summary>
    public List<LimeRange> Ranges { get; } = [];

    /// <summary>What is promised and isn't there.</summary>
    public List<LimeGap> Missing { get; } = [];

    /// <summary>The chunks of packed blocks.</summary>
    public AvmlChunks Chunks { get; } = new();

    /// <summary>The byte order of the first header.</summary>
    public ByteOrder Order { get; private set; }

    /// <summary>How many headers there are.</summary>
    public int Count { get; private set; }

    /// <summary>How many of them are of packed blocks.</summary>
    public int PackedCount { get; private set; }

    /// <summary>How many blocks are of the full size and followed in memory by the next one, which only AVML writes so.</summary>
    public int FullCount { get; private set; }

    /// <summary>Packed blocks whose length behind them isn't theirs.</summary>
    public List<ulong> WrongTrailers { get; } = [];

    /// <summary>Stretches of the file that hold nothing that can be read, and why.</summary>
    public List<(ulong Offset, ulong Size, string Reason)> Unread { get; } = [];

    /// <summary>Reads the headers.</summary>
    /// <exception cref="ElfMmuException"><c>DumpInconsistent</c>: the first header contradicts itself.</exception>
    public void Read()
    {
        ulong at = 0;
        ulong full = 0;
        while (at < file.Length)
        {
            opening.Cancellation.ThrowIfCancellationRequested();
            if (!TryHeader(at, out LimeHeader header, out string? reason))
            {
                if (Count == 0)
                {
                    throw Inconsistent(header);
                }

                ulong next = PackedCount > 0 ? _search.Next(at) : file.Length;
                Unread.Add((at, next - at, reason!));
                at = next;
                continue;
            }

            if (Count++ == 0)
            {
                Order = header.Order;
            }

            FullCount += full != 0 && header.Start == full ? 1 : 0;
            full = header.Length == AvmlBlockSize ? unchecked(header.Last + 1) : 0;
            at += LimeHeader.Size;
            if (header.IsPacked)
            {
                PackedCount++;
                Packed(header, ref at);
            }
            else
            {
                Stored(header, ref at);
            }
        }
    }

    /// <summary>Goes over the chunks of a packed block.</summary>
    /// <param name="file">The file.</param>
    /// <param name="at">Where its stream starts; left where it ends, or where it is damaged.</param>
    /// <param name="size">How many bytes it promises.</param>
    /// <param name="chunks">Takes its chunks; null to look only.</param>
    /// <param name="visits">Counted down for each chunk; where it ends, the rest isn't looked at.</param>
    /// <param name="done">How many bytes of memory its sound chunks hold.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>What is wrong with it; null when nothing is.</returns>
    public static string? WalkChunks(DataSource file, ref ulong at, ulong size, AvmlChunks? chunks, ref long visits, out ulong done, CancellationToken cancellation)
    {
        Span<byte> head = stackalloc byte[SnappyChunk.MeasureSize];
        for (done = 0; done < size;)
        {
            cancellation.ThrowIfCancellationRequested();
            ulong left = file.Length - at;
            if (left < SnappyChunk.HeaderSize || visits-- <= 0)
            {
                return "it is cut off";
            }

            // Through a mapping each of these few bytes would cost a page fault, which takes ten times as long.
            Span<byte> some = head[..(int)Math.Min(left, (ulong)head.Length)];
            file.ReadIsland(at, some);
            var chunk = SnappyChunk.Read(some);
            ulong whole = SnappyChunk.HeaderSize + (ulong)chunk.Size;
            if (whole > left)
            {
                return "it is cut off, or the length of a snappy chunk is wrong";
            }

            if (!chunk.TryMeasure(some[..(int)Math.Min((ulong)some.Length, whole)], out int unpacked, out string? reason))
            {
                return reason;
            }

            if ((ulong)unpacked > size - done)
            {
                return "a block unpacks to more than it promises";
            }

            if (unpacked > 0)
            {
                chunks?.Add(at, unpacked);
                done += (ulong)unpacked;
            }

            at += whole;
        }

        return null;
    }

    private bool TryHeader(ulong at, out LimeHeader header, out string? reason)
    {
        Span<byte> bytes = stackalloc byte[LimeHeader.Size];
        header = default;
        reason = "the header of a range is cut off";
        if (file.Length - at < (ulong)bytes.Length)
        {
            return false;
        }

        file.Read(at, bytes);
        reason = "there is no header of a range where the one before ends";
        if (!LimeHeader.TryRead(bytes, out header) || (Count > 0 && header.Order != Order))
        {
            return false;
        }

        reason = $"the header of a range from 0x{header.Start:x} to 0x{header.Last:x} contradicts itself";
        return header.Length > 0;
    }

    private void Stored(in LimeHeader header, ref ulong at)
    {
        ulong have = Math.Min(header.Length, file.Length - at);
        if (have > 0)
        {
            Ranges.Add(new LimeRange(header.Start, have, at, IsPacked: false));
        }

        at += have;
        if (have < header.Length)
        {
            Missing.Add(new LimeGap(header.Start + have, header.Length - have, at, "the file is cut off"));
        }
    }

    private void Packed(in LimeHeader header, ref ulong at)
    {
        ulong start = Chunks.Length;
        ulong begin = at;
        long visits = long.MaxValue;
        string? reason = WalkChunks(file, ref at, header.Length, Chunks, ref visits, out ulong done, opening.Cancellation);
        if (done > 0)
        {
            LimeRange last = Ranges.Count > 0 ? Ranges[^1] : default;
            if (last.IsPacked && last.End == header.Start && last.Offset + last.Size == start)
            {
                Ranges[^1] = last with { Size = last.Size + done };
            }
            else
            {
                Ranges.Add(new LimeRange(header.Start, done, start, IsPacked: true));
            }
        }

        if (reason == null)
        {
            Trailer(begin, ref at);
            return;
        }

        // What follows can be found again: each block starts with its header.
        ulong next = _search.Next(at);
        Missing.Add(new LimeGap(header.Start + done, header.Length - done, at, next < file.Length ? reason : "the file is cut off or damaged: " + reason));
        at = next;
    }

    /// <summary>Behind a packed block its length is said once more.</summary>
    private void Trailer(ulong begin, ref ulong at)
    {
        Span<byte> trailer = stackalloc byte[TrailerSize];
        if (file.Length - at < TrailerSize)
        {
            Unread.Add((at, file.Length - at, "the length behind the last block is cut off"));
            at = file.Length;
            return;
        }

        file.Read(at, trailer);
        if (BinaryPrimitives.ReadUInt64LittleEndian(trailer) != at - begin)
        {
            WrongTrailers.Add(at);
        }

        at += TrailerSize;
    }

    private ElfMmuException Inconsistent(in LimeHeader header) => new(
        "DumpInconsistent",
        ErrorKind.InvalidData,
        $"The first range of '{file.Name}' contradicts itself: it goes from 0x{header.Start:x} to 0x{header.Last:x}. The dump is damaged, or "
        + "cut off in its first header; fetch it again.")
    { Path = file.Name, Offset = 0 };
}
