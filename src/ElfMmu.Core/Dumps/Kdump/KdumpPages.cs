using ElfMmu.Memory;
using ElfMmu.Packing;

namespace ElfMmu.Dumps;

/// <summary>The pages of a kdump-compressed file one behind the other, in the order of their descriptors, which are read where they are.</summary>
internal sealed unsafe class KdumpPages : BlockDataSource
{
    [ThreadStatic]
    private static KdumpUnpacker? unpacker;

    private readonly DataSource _file;
    private readonly ulong _descriptorsAt;
    private readonly ulong _dataAt;
    private readonly int _pageSize;
    private readonly int _shift;
    private readonly bool _isBigEndian;

    // All pages of zeros share one stretch of the file, whoever wrote it.
    private ulong _zerosAt = ulong.MaxValue;

    /// <summary>Takes over a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="count">How many descriptors it has; they are in the file.</param>
    /// <param name="zeroFill">Whether damaged pages are read as zeros.</param>
    public KdumpPages(KdumpFile file, ulong count, bool zeroFill)
        : base(file.Source.Name, count * file.Header.BlockSize, (int)file.Header.BlockSize, zeroFill)
    {
        _file = file.Source;
        _descriptorsAt = file.Header.DescriptorsAt;
        _dataAt = _descriptorsAt + (count * KdumpFile.DescriptorSize);
        _pageSize = (int)file.Header.BlockSize;
        _shift = int.Log2(_pageSize);
        _isBigEndian = file.Header.Layout.IsBigEndian;
    }

    /// <summary>The descriptor of a page.</summary>
    /// <param name="index">Its number among those in the file.</param>
    public KdumpDescriptor Descriptor(ulong index)
    {
        ulong at = _descriptorsAt + (index * KdumpFile.DescriptorSize);
        byte* pointer = _file.Pointer;
        if (pointer != null)
        {
            return Descriptor(new ReadOnlySpan<byte>(pointer + at, KdumpFile.DescriptorSize));
        }

        Span<byte> bytes = stackalloc byte[KdumpFile.DescriptorSize];
        _file.Read(at, bytes);
        return Descriptor(bytes);
    }

    /// <inheritdoc/>
    protected override BlockSpan BlockAt(ulong offset)
    {
        ulong index = offset >> _shift;
        return new BlockSpan(index, index << _shift, _pageSize, Descriptor(index).Offset);
    }

    /// <inheritdoc/>
    protected override string? Unpack(in BlockSpan block, Span<byte> destination)
    {
        KdumpDescriptor page = Descriptor(block.Number);
        if (page.Offset == 0)
        {
            return "the page wasn't written, for whoever wrote the dump had no room for it";
        }

        if (!page.IsInside(_file.Length))
        {
            return $"its {page.Size} bytes aren't in the file, which has {_file.Length}";
        }

        if (page.Offset == Volatile.Read(ref _zerosAt))
        {
            destination.Clear();
            return null;
        }

        string? reason = Unpack(page, destination);
        if (reason == null && page.Offset < Volatile.Read(ref _zerosAt) && MayBeZeros(page) && !destination.ContainsAnyExcept((byte)0))
        {
            Volatile.Write(ref _zerosAt, page.Offset);
        }

        return reason;
    }

    /// <inheritdoc/>
    protected override bool TryReadStored(in BlockSpan block, int within, Span<byte> destination)
    {
        KdumpDescriptor page = Descriptor(block.Number);
        if (page.Offset == Volatile.Read(ref _zerosAt))
        {
            destination.Clear();
            return true;
        }

        if (page.Compression != 0 || page.Size != (uint)_pageSize || !page.IsInside(_file.Length))
        {
            return false;
        }

        _file.Read(page.Offset + (uint)within, destination);
        return true;
    }

    /// <inheritdoc/>
    protected override void DisposeFiles() => _file.Dispose();

    private string? Unpack(KdumpDescriptor page, Span<byte> destination)
    {
        if (page.Compression == 0)
        {
            if (page.Size != (uint)_pageSize)
            {
                return $"it is stored in {page.Size} bytes, but a page has {_pageSize}";
            }

            _file.Read(page.Offset, destination);
            return null;
        }

        // What doesn't get smaller is stored.
        if (page.Size > (uint)_pageSize)
        {
            return $"it is compressed to {page.Size} bytes, more than the {_pageSize} of a page";
        }

        KdumpUnpacker mine = unpacker ??= new KdumpUnpacker();
        return mine.Unpack(page.Compression, mine.Bytes(_file, page), destination);
    }

    /// <summary>Nothing gets as small as zeros do; where they are stored, they come first.</summary>
    private bool MayBeZeros(KdumpDescriptor page) => page.Size <= _pageSize / 64 || (page.Compression == 0 && page.Offset == _dataAt);

    private KdumpDescriptor Descriptor(ReadOnlySpan<byte> bytes)
    {
        var fields = new KdumpFields(bytes, _isBigEndian);
        return new KdumpDescriptor(fields.Long(0), fields.Word(8), fields.Word(12));
    }
}
