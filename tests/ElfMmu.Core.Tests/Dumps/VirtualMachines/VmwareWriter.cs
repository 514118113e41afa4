using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace ElfMmu.Tests.Dumps.VirtualMachines;

/// <summary>Writes the state of a VMware machine from the layout that crash, Volatility and LeechCore read.</summary>
internal sealed class VmwareWriter
{
    private readonly List<(string Name, MemoryStream Tags)> _groups = [];

    public uint Magic { get; init; } = 0xbed2bed2;

    private bool Narrow => (Magic & 0xf) == 0;

    public VmwareWriter Group(string name)
    {
        _groups.Add((name, new MemoryStream()));
        return this;
    }

    /// <summary>A value of as many bytes as it has.</summary>
    public VmwareWriter Value(string name, byte[] value, params uint[] indices)
    {
        Begin(name, value.Length, indices);
        Tags.Write(value);
        return this;
    }

    public VmwareWriter Value(string name, uint value, params uint[] indices) => Value(name, BitConverter.GetBytes(value), indices);

    public VmwareWriter Wide(string name, ulong value, params uint[] indices) => Value(name, BitConverter.GetBytes(value), indices);

    public VmwareWriter Text(string name, string value, int size)
    {
        byte[] bytes = new byte[size];
        Encoding.UTF8.GetBytes(value, bytes);
        return Block(name, bytes);
    }

    public VmwareWriter Block(string name, byte[] content, params uint[] indices) => Block(name, content, content.Length, 63, 5, indices);

    public VmwareWriter Packed(string name, byte[] content, params uint[] indices)
    {
        var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            zlib.Write(content);
        }

        return Block(name, packed.ToArray(), content.Length, 62, 0, indices);
    }

    /// <summary>The group of a guest's registers, one by one or in blocks.</summary>
    public VmwareWriter Cpu(Guest guest, bool blocks, bool efer = true, uint cpus = 1)
    {
        string[] order = ["rax", "rcx", "rdx", "rbx", "rbp", "rsp", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15"];
        string[] segments = ["es", "cs", "ss", "ds", "fs", "gs", "ldt", "tr"];
        Group("cpu").Value("cpu:numVCPUs", cpus);
        for (uint cpu = 0; cpu < cpus; cpu++)
        {
            if (blocks)
            {
                Block("gpregs", Numbers(order.Select(r => guest[r])), cpu);
                Packed("CR64", Numbers([guest["cr0"], 0, guest["cr2"], guest["cr3"], guest["cr4"], 0, 0, 0, 0]), cpu);
            }
            else
            {
                foreach (string register in order)
                {
                    Wide(register, guest[register], cpu);
                }

                foreach (uint i in new uint[] { 0, 2, 3, 4 })
                {
                    Wide("CR64", guest[$"cr{i}"], cpu, i);
                    Value("CR", (uint)guest[$"cr{i}"], cpu, i);
                }
            }

            Wide("rip", guest["rip"], cpu).Value("eip", (uint)guest["rip"], cpu).Value("eflags", (uint)guest["eflags"], cpu);
            for (uint i = 0; i < segments.Length; i++)
            {
                Value("S", (uint)guest[segments[i]], cpu, i).Wide("S.base64", guest[segments[i] + "_base"], cpu, i);
            }

            Block("IDTR", [.. BitConverter.GetBytes((ushort)guest["idt.limit"]), .. BitConverter.GetBytes(guest["idt_base"])], cpu);
            if (efer)
            {
                Wide("efer", guest.Efer, cpu);
            }
        }

        return this;
    }

    /// <summary>The group of regions, in pages.</summary>
    public VmwareWriter Regions(params (ulong FilePage, ulong PhysicalPage, ulong Pages)[] regions)
    {
        Group("memory").Value("regionsCount", (uint)regions.Length).Value("align_mask", 0xffffu);
        for (uint i = 0; i < regions.Length; i++)
        {
            Value("regionPageNum", (uint)regions[i].FilePage, i).Value("regionPPN", (uint)regions[i].PhysicalPage, i)
                .Value("regionSize", (uint)regions[i].Pages, i);
        }

        return this;
    }

    /// <summary>A memory file of some pieces, one after the other, and the regions that place them.</summary>
    public VmwareWriter Regions(IEnumerable<(ulong Start, byte[] Bytes)> memory, out byte[] file)
    {
        var all = new MemoryStream();
        var regions = new List<(ulong, ulong, ulong)>();
        foreach ((ulong start, byte[] bytes) in memory)
        {
            regions.Add(((ulong)all.Length / 4096, start / 4096, (ulong)bytes.Length / 4096));
            all.Write(bytes);
        }

        file = all.ToArray();
        return Regions([.. regions]);
    }

    public byte[] Build()
    {
        int position = 12 + (80 * _groups.Count);
        var file = new MemoryStream();
        var writer = new BinaryWriter(file);
        writer.Write(Magic);
        writer.Write(8u);
        writer.Write((uint)_groups.Count);
        foreach ((string name, MemoryStream tags) in _groups)
        {
            byte[] bytes = new byte[64];
            Encoding.ASCII.GetBytes(name, bytes);
            writer.Write(bytes);
            writer.Write((ulong)position);
            writer.Write((ulong)tags.Length + 2);
            position += (int)tags.Length + 2;
        }

        foreach ((_, MemoryStream tags) in _groups)
        {
            writer.Write(tags.ToArray());
            writer.Write((ushort)0);
        }

        return file.ToArray();
    }

    private static byte[] Numbers(IEnumerable<ulong> numbers) => [.. numbers.SelectMany(BitConverter.GetBytes)];

    private MemoryStream Tags => _groups[^1].Tags;

    private VmwareWriter Block(string name, byte[] content, int memorySize, int kind, ushort padding, uint[] indices)
    {
        Begin(name, kind, indices);
        Span<byte> sizes = stackalloc byte[16];
        if (Narrow)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(sizes, (uint)content.Length);
            BinaryPrimitives.WriteUInt32LittleEndian(sizes[4..], (uint)memorySize);
            sizes = sizes[..8];
        }
        else
        {
            BinaryPrimitives.WriteUInt64LittleEndian(sizes, (ulong)content.Length);
            BinaryPrimitives.WriteUInt64LittleEndian(sizes[8..], (ulong)memorySize);
        }

        Tags.Write(sizes);
        Tags.Write(BitConverter.GetBytes(padding));
        Tags.Write(new byte[padding]);
        Tags.Write(content);
        return this;
    }

    private void Begin(string name, int size, uint[] indices)
    {
        Tags.WriteByte((byte)(size | (indices.Length << 6)));
        Tags.WriteByte((byte)name.Length);
        Tags.Write(Encoding.ASCII.GetBytes(name));
        foreach (uint index in indices)
        {
            Tags.Write(BitConverter.GetBytes(index));
        }
    }
}
