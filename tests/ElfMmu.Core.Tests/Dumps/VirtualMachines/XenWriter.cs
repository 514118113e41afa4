using System.Buffers.Binary;
using System.Text;
using ElfMmu.Elf;

namespace ElfMmu.Tests.Dumps.VirtualMachines;

/// <summary>Writes the core of a Xen domain as xl dump-core does, from dump-core-format.txt and arch-x86's xen.h.</summary>
internal sealed class XenWriter
{
    private readonly List<(ulong Pfn, ulong Gmfn, byte[] Page)> _pages = [];

    /// <summary>Paravirtualised: with pairs of frames.</summary>
    public bool IsPara { get; init; }

    /// <summary>The layout of the registers: 64-bit, 32-bit, or 32-bit in the room of 64-bit ones.</summary>
    public string Layout { get; init; } = "64";

    public uint Cpus { get; init; } = 1;

    /// <summary>Adds pages; the frame that a page table would hold is the second.</summary>
    public XenWriter Page(ulong pfn, ulong gmfn, byte[] page)
    {
        _pages.Add((pfn, gmfn, page));
        return this;
    }

    /// <summary>Adds a guest's memory, in an order that isn't that of the frames if it is shuffled; its own numbers are of no meaning then.</summary>
    public XenWriter Memory(Guest guest, bool shuffle)
    {
        var pages = guest.Memory.SelectMany(m => Enumerable.Range(0, m.Bytes.Length / 4096)
            .Select(i => ((m.Start / 4096) + (ulong)i, m.Bytes.AsMemory(i * 4096, 4096)))).ToArray();
        if (shuffle)
        {
            new Random(7).Shuffle(pages);
        }

        for (int i = 0; i < pages.Length; i++)
        {
            Page(IsPara ? (ulong)i : pages[i].Item1, pages[i].Item1, pages[i].Item2.ToArray());
        }

        return this;
    }

    public byte[] Build(Guest? guest)
    {
        byte[] contexts = guest == null ? [] : [.. Enumerable.Range(0, (int)Cpus).SelectMany(_ => Context(guest))];
        byte[] notes = Notes();
        byte[] pages = [.. _pages.SelectMany(p => p.Page)];
        byte[] table = [.. _pages.SelectMany(p => IsPara
            ? [.. BitConverter.GetBytes(p.Pfn), .. BitConverter.GetBytes(p.Gmfn)]
            : BitConverter.GetBytes(p.Pfn))];
        (string Name, uint Type, byte[] Content)[] sections =
        [
            (".shstrtab", 3, []), (".note.Xen", 7, notes), (".xen_prstatus", 1, contexts), (".xen_shared_info", 1, new byte[4096]), (".xen_pages", 1, pages),
            (IsPara ? ".xen_p2m" : ".xen_pfn", 1, table),
        ];
        byte[] names = Encoding.ASCII.GetBytes("\0" + string.Join('\0', sections.Select(s => s.Name)) + '\0');

        // The names come last, as xl has them.
        const int Header = 64;
        const int Entry = 64;
        long at = Header + (Entry * (sections.Length + 1));
        var offsets = new Dictionary<string, long>();
        var body = new MemoryStream();
        body.Write(new byte[at]);
        foreach ((string name, _, byte[] content) in sections.Skip(1))
        {
            if (name == ".xen_pages")
            {
                body.Write(new byte[(4096 - (body.Length % 4096)) % 4096]);
            }

            offsets[name] = body.Length;
            body.Write(content);
        }

        offsets[".shstrtab"] = body.Length;
        body.Write(names);
        byte[] file = body.ToArray();
        ElfEncoder.WriteHeader(file, new ElfLayout
        {
            Class = ElfClass.Elf64,
            Data = ElfData.LittleEndian,
            Machine = Layout == "32" ? ElfMachine.I386 : ElfMachine.X86_64,
            Type = ElfType.Core,
            ProgramHeaderOffset = 0,
            ProgramHeaderCount = 0,
        });
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(40), Header);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(58), Entry);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(60), (ushort)(sections.Length + 1));
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(62), 1);
        int nameAt = 1;
        for (int i = 0; i < sections.Length; i++)
        {
            Span<byte> entry = file.AsSpan(Header + (Entry * (i + 1)));
            BinaryPrimitives.WriteUInt32LittleEndian(entry, (uint)nameAt);
            BinaryPrimitives.WriteUInt32LittleEndian(entry[4..], sections[i].Type);
            BinaryPrimitives.WriteInt64LittleEndian(entry[24..], offsets[sections[i].Name]);
            BinaryPrimitives.WriteUInt64LittleEndian(entry[32..], (ulong)(i == 0 ? names.Length : sections[i].Content.Length));
            nameAt += sections[i].Name.Length + 1;
        }

        return file;
    }

    private byte[] Notes()
    {
        byte[] version = new byte[1276 + 4];
        BitConverter.GetBytes(4UL).CopyTo(version, 0);
        BitConverter.GetBytes(17UL).CopyTo(version, 8);
        Encoding.ASCII.GetBytes(".3-pre").CopyTo(version, 16);
        Encoding.ASCII.GetBytes("xen-3.0-x86_64 hvm-3.0-x86_64").CopyTo(version, 176);
        return
        [
            .. Note(0x200_0000, []),
            .. Note(0x200_0001, [.. new ulong[] { IsPara ? 0xf00febedUL : 0xf00febee, Cpus, (ulong)_pages.Count, 4096 }.SelectMany(BitConverter.GetBytes)]),
            .. Note(0x200_0002, version),
            .. Note(0x200_0003, BitConverter.GetBytes(1UL)),
        ];

        static byte[] Note(uint type, byte[] content) =>
            [.. BitConverter.GetBytes(4), .. BitConverter.GetBytes(content.Length), .. BitConverter.GetBytes(type), .. "Xen\0"u8, .. content];
    }

    private byte[] Context(Guest guest)
    {
        bool wide = Layout == "64";
        byte[] context = new byte[Layout == "32" ? 2800 : 5168];
        int at = wide ? 520 : 516;
        string[] order = wide
            ? ["r15", "r14", "r13", "r12", "rbp", "rbx", "r11", "r10", "r9", "r8", "rax", "rcx", "rdx", "rsi", "rdi", "", "rip", "cs", "eflags", "rsp", "ss", "es",
                "ds", "fs", "gs"]
            : ["rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "rax", "", "rip", "cs", "eflags", "rsp", "ss", "es", "ds", "fs", "gs"];
        foreach (string register in order)
        {
            Put(at, guest[register], wide);
            at += wide ? 8 : 4;
        }

        int control = wide ? 4984 : 2716;
        for (int i = 0; i < 5; i++)
        {
            ulong value = guest[$"cr{i}"];
            if (i == 3 && IsPara && !wide)
            {
                uint frame = (uint)(value >> 12);
                value = (frame << 12) | (frame >> 20);
            }

            Put(control + (i * (wide ? 8 : 4)), value, wide);
        }

        return context;

        void Put(int offset, ulong value, bool isWide)
        {
            if (isWide)
            {
                BitConverter.GetBytes(value).CopyTo(context, offset);
            }
            else
            {
                BitConverter.GetBytes((uint)value).CopyTo(context, offset);
            }
        }
    }
}
