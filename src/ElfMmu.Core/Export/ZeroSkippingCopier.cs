namespace ElfMmu.Export;

/// <summary>Copies bytes to a file and leaves every page of zeros as a hole; one vectorised pass over the bytes.</summary>
internal sealed class ZeroSkippingCopier(SparseFileWriter writer)
{
    private const int PageSize = 4096;

    /// <summary>How many bytes were written.</summary>
    public ulong Written { get; private set; }

    /// <summary>Copies bytes to an offset; pages are those of the file.</summary>
    public void Copy(ulong offset, ReadOnlySpan<byte> bytes)
    {
        int dataStart = 0;
        int position = 0;
        while (position < bytes.Length)
        {
            int page = Math.Min(PageSize - (int)((offset + (ulong)position) % PageSize), bytes.Length - position);
            if (!bytes.Slice(position, page).ContainsAnyExcept((byte)0))
            {
                Write(offset, bytes, dataStart, position);
                dataStart = position + page;
            }

            position += page;
        }

        Write(offset, bytes, dataStart, position);
    }

    private void Write(ulong offset, ReadOnlySpan<byte> bytes, int start, int end)
    {
        if (end > start)
        {
            writer.Write(offset + (ulong)start, bytes[start..end]);
            Written += (ulong)(end - start);
        }
    }
}
