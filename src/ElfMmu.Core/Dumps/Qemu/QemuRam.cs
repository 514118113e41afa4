using ElfMmu.Memory;

namespace ElfMmu.Dumps;

/// <summary>
/// A block of RAM in a stream of QEMU's, whose pages stand in the file with a header between them. Reading is O(log stretches), and the bytes.
/// </summary>
/// <param name="file">The file, which it is one user of.</param>
/// <param name="length">The block's length in bytes.</param>
/// <param name="pages">Its pages, ascending.</param>
/// <param name="pageSize">The size of a page in bytes.</param>
internal sealed class QemuRam(SharedDataSource file, ulong length, QemuStretch[] pages, int pageSize) : DataSource
{
    /// <inheritdoc/>
    public override string Name => file.Name;

    /// <inheritdoc/>
    public override ulong Length => length;

    /// <inheritdoc/>
    public override void Read(ulong offset, Span<byte> destination)
    {
        CheckRange(offset, destination.Length);
        while (!destination.IsEmpty)
        {
            QemuStretch stretch = pages[Find(offset / (ulong)pageSize)];
            ulong within = offset - (stretch.First * (ulong)pageSize);
            ulong left = (stretch.Count * (ulong)pageSize) - within;
            int part;
            if (stretch.IsZero)
            {
                part = (int)Math.Min(left, (ulong)destination.Length);
                destination[..part].Clear();
            }
            else
            {
                ulong page = within / (ulong)pageSize;
                ulong start = within % (ulong)pageSize;
                part = (int)Math.Min((ulong)pageSize - start, (ulong)destination.Length);
                file.Read(stretch.Offset + (page * (QemuStretch.HeaderSize + (ulong)pageSize)) + start, destination[..part]);
            }

            offset += (ulong)part;
            destination = destination[part..];
        }
    }

    /// <inheritdoc/>
    internal override void CheckLength() => file.CheckLength();

    /// <inheritdoc/>
    internal override bool IsHole(ulong offset, out ulong end)
    {
        QemuStretch stretch = pages[Find(offset / (ulong)pageSize)];
        end = Math.Min(stretch.End * (ulong)pageSize, length);
        return stretch.IsZero;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => file.Dispose();

    /// <summary>The stretch that holds a page; only pages that are there are asked for.</summary>
    private int Find(ulong page)
    {
        int low = 0;
        int high = pages.Length - 1;
        while (low < high)
        {
            int middle = (low + high + 1) >>> 1;
            (low, high) = pages[middle].First <= page ? (middle, high) : (low, middle - 1);
        }

        return low;
    }
}
