using System.Buffers.Binary;
using ElfMmu.Dumps;
using ElfMmu.Images;
using ElfMmu.Spaces;
using ElfMmu.Tests.Support;

namespace ElfMmu.Tests.Images;

/// <summary>An x86-64 space of a test's own making in a raw dump, into which executables are put.</summary>
internal sealed class ImageSpace : IDisposable
{
    private const ulong TableEntry = 7;
    private const ulong Writable = 2;
    private const ulong User = 4;
    private const ulong NoExecute = 1UL << 63;

    private readonly TempFolder _folder = new();
    private readonly byte[] _memory;
    private ulong _nextTable = 0x2000;
    private ulong _nextFrame;
    private MemoryDump? _dump;

    public ImageSpace(int megabytes = 4)
    {
        _memory = new byte[megabytes << 20];
        _nextFrame = 0x10_0000;
    }

    public const ulong PageSize = 4096;

    /// <summary>The next frame that <see cref="Put"/> takes.</summary>
    public ulong NextFrame => _nextFrame;

    /// <summary>Puts bytes at an address, into frames of their own in an order that isn't the addresses'.</summary>
    public void Put(ulong address, ReadOnlySpan<byte> bytes, Rights rights, bool user = true)
    {
        ulong first = address & ~(PageSize - 1);
        ulong last = (address + (ulong)bytes.Length - 1) & ~(PageSize - 1);
        for (ulong page = last; ; page -= PageSize)
        {
            ulong frame = Frame(page);
            if (frame == 0)
            {
                frame = _nextFrame;
                _nextFrame += PageSize;
                Map(page, frame, rights, user);
            }

            ulong from = Math.Max(page, address);
            int part = (int)Math.Min(page + PageSize - from, address + (ulong)bytes.Length - from);
            bytes.Slice((int)(from - address), part).CopyTo(_memory.AsSpan((int)(frame + (from - page))));
            if (page == first)
            {
                break;
            }
        }
    }

    /// <summary>Puts bytes at a physical address, without mapping them.</summary>
    public void Write(ulong physical, ReadOnlySpan<byte> bytes) => bytes.CopyTo(_memory.AsSpan((int)physical));

    /// <summary>Maps a page.</summary>
    public void Map(ulong address, ulong frame, Rights rights, bool user = true)
    {
        ulong flags = 1
            | ((rights & Rights.Write) != 0 ? Writable : 0)
            | ((rights & Rights.Execute) != 0 ? 0 : NoExecute)
            | (user ? User : 0);
        BinaryPrimitives.WriteUInt64LittleEndian(_memory.AsSpan((int)Slot(address)), frame | flags);
    }

    /// <summary>Takes a page out of the space.</summary>
    public void Unmap(ulong address) => BinaryPrimitives.WriteUInt64LittleEndian(_memory.AsSpan((int)Slot(address)), 0);

    /// <summary>The frame a page is mapped to; 0 for none.</summary>
    public ulong Frame(ulong page) =>
        BinaryPrimitives.ReadUInt64LittleEndian(_memory.AsSpan((int)Slot(page))) & 0x000f_ffff_ffff_f000;

    /// <summary>Changes a byte of what is mapped.</summary>
    public ref byte At(ulong address) => ref _memory[(int)(Frame(address & ~(PageSize - 1)) + (address % PageSize))];

    /// <summary>The space, in a dump written anew.</summary>
    public AddressSpace Open()
    {
        _dump?.Dispose();
        _dump = MemoryDump.Open(_folder.Write($"{Guid.NewGuid():n}.bin", _memory));
        return AddressSpace.Open(_dump, new SpaceRequest { Root = 0x1000, Mode = "ia32e" });
    }

    public ImageSearch Search(ImageSearchOptions? options = null) =>
        ImageFinder.Find(Open(), options ?? new ImageSearchOptions { IncludeHeaders = true });

    public void Dispose()
    {
        _dump?.Dispose();
        _folder.Dispose();
    }

    private ulong Slot(ulong address)
    {
        ulong table = 0x1000;
        for (int shift = 39; shift > 12; shift -= 9)
        {
            Span<byte> slot = _memory.AsSpan((int)(table + (((address >> shift) & 511) * 8)));
            if (BinaryPrimitives.ReadUInt64LittleEndian(slot) == 0)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(slot, _nextTable | TableEntry);
                _nextTable += PageSize;
            }

            table = BinaryPrimitives.ReadUInt64LittleEndian(slot) & 0x000f_ffff_ffff_f000;
        }

        return table + (((address >> 12) & 511) * 8);
    }
}
