using System.Buffers;

namespace ElfMmu.Elf.Writing;

/// <summary>
/// Writes placed bytes in the order of their offsets, zeros between them. Parts may share bytes if they agree on them, as tables of names do in
/// some files; how much is compared is bounded. O(bytes).
/// </summary>
internal static class ElfModelWriter
{
    private const int BufferSize = 1 << 20;

    // More than this many shared bytes isn't economy any more, it is a file made to take time.
    private const ulong MostShared = 64 << 20;

    public static long Write(ElfModelLayout layout, Stream destination, CancellationToken cancellation)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        byte[] other = [];
        try
        {
            ulong at = 0;
            ulong shared = 0;
            ElfPlacement? cover = null;
            foreach (ElfPlacement placement in layout.Placements)
            {
                cancellation.ThrowIfCancellationRequested();
                Zeros(destination, ref at, placement.Offset, buffer, cancellation);
                if (cover is { } written && placement.Offset < at && !placement.Content.IsSameInput(placement.Offset, written.Content, written.Offset))
                {
                    ulong length = Math.Min(at, placement.End) - placement.Offset;
                    shared += length;
                    other = other.Length == 0 ? new byte[BufferSize] : other;
                    if (shared > MostShared || !Agree(placement, written, length, buffer.AsSpan(0, BufferSize), other))
                    {
                        throw new ElfMmuException("ElfSectionsOverlap", ErrorKind.InvalidArgument,
                            $"{Capital(placement.What)} has 0x{length:x} bytes from offset 0x{placement.Offset:x} on that belong to {written.What} too; " +
                            "set the Offset of one of them to null.");
                    }
                }

                if (placement.End > at)
                {
                    Copy(placement, at - placement.Offset, destination, buffer, cancellation);
                    at = placement.End;
                    cover = placement;
                }
            }

            return checked((long)at);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static string Capital(string what) => char.ToUpperInvariant(what[0]) + what[1..];

    private static bool Agree(in ElfPlacement a, in ElfPlacement b, ulong length, Span<byte> one, Span<byte> two)
    {
        ulong from = a.Offset - b.Offset;
        for (ulong done = 0; done < length;)
        {
            int part = (int)Math.Min(length - done, BufferSize);
            a.Content.Read(done, one[..part]);
            b.Content.Read(from + done, two[..part]);
            if (!one[..part].SequenceEqual(two[..part]))
            {
                return false;
            }

            done += (ulong)part;
        }

        return true;
    }

    private static void Zeros(Stream destination, ref ulong at, ulong until, byte[] buffer, CancellationToken cancellation)
    {
        if (at >= until)
        {
            return;
        }

        Array.Clear(buffer, 0, (int)Math.Min(until - at, BufferSize));
        while (at < until)
        {
            cancellation.ThrowIfCancellationRequested();
            int part = (int)Math.Min(until - at, BufferSize);
            destination.Write(buffer, 0, part);
            at += (ulong)part;
        }
    }

    private static void Copy(in ElfPlacement placement, ulong from, Stream destination, byte[] buffer, CancellationToken cancellation)
    {
        if (placement.Content.IsLoaded)
        {
            destination.Write(placement.Content.Memory.Span[(int)from..]);
            return;
        }

        while (from < placement.Content.Length)
        {
            cancellation.ThrowIfCancellationRequested();
            int part = (int)Math.Min(placement.Content.Length - from, BufferSize);
            placement.Content.Read(from, buffer.AsSpan(0, part));
            destination.Write(buffer, 0, part);
            from += (ulong)part;
        }
    }
}
