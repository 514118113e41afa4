using System.Buffers.Binary;
using System.Text;

namespace ElfMmu.Tests.Images;

/// <summary>
/// A small PE file, by Microsoft's "PE Format": a code section and one of read-only data with an export directory, an import directory and a
/// debug directory that leads to a CodeView record. In the file the sections stand closer together than in memory.
/// </summary>
internal sealed class TestPe
{
    public const string Name = "test.dll";
    public const string PdbPath = @"c:\build\test.pdb";
    public const uint CodeAddress = 0x1000;
    public const uint DataAddress = 0x3000;
    public const uint CodeOffset = 0x400;
    public const uint DataOffset = 0x1600;
    public const uint ImageSize = 0x5000;
    public const uint Entry = 0x1234;
    public static readonly Guid Guid = new("3844dbb9-2017-4967-be7a-a4a2c20430fa");

    private const uint Age = 0x2b;
    private readonly int _newHeader;

    /// <param name="is64">PE32+ instead of PE32.</param>
    /// <param name="machine">IMAGE_FILE_HEADER.Machine.</param>
    /// <param name="characteristics">IMAGE_FILE_HEADER.Characteristics.</param>
    /// <param name="subsystem">IMAGE_OPTIONAL_HEADER.Subsystem.</param>
    /// <param name="newHeader">e_lfanew.</param>
    /// <param name="imageBase">ImageBase.</param>
    public TestPe(
        bool is64 = true,
        ushort machine = 0x8664,
        ushort characteristics = 0x2022,
        ushort subsystem = 3,
        int newHeader = 0x80,
        ulong imageBase = 0x1_8000_0000)
    {
        _newHeader = newHeader;
        File = new byte[DataOffset + 0x800];
        for (int i = (int)CodeOffset; i < DataOffset; i++)
        {
            File[i] = (byte)(0xcc ^ (i * 5) ^ (i >> 7));
        }

        Ascii(0, "MZ");
        Put32(0x3c, (uint)newHeader);
        Ascii(newHeader, "PE");
        int coff = newHeader + 4;
        int optionalSize = is64 ? 240 : 224;
        Put16(coff, machine);
        Put16(coff + 2, 2);
        Put16(coff + 16, (ushort)optionalSize);
        Put16(coff + 18, characteristics);
        int optional = coff + 20;
        Put16(optional, is64 ? (ushort)0x20b : (ushort)0x10b);
        Put32(optional + 16, Entry);
        if (is64)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(File.AsSpan(optional + 24), imageBase);
        }
        else
        {
            Put32(optional + 28, (uint)imageBase);
        }

        Put32(optional + 32, 0x1000);
        Put32(optional + 36, 0x200);
        Put32(optional + 56, ImageSize);
        Put32(optional + 60, CodeOffset);
        Put16(optional + 68, subsystem);
        int directories = optional + (is64 ? 112 : 96);
        Put32(directories - 4, 16);
        Directory(directories, 0, DataAddress, 0x80);
        Directory(directories, 1, DataAddress + 0x100, 40);
        Directory(directories, 6, DataAddress + 0x200, 28);
        Section(optional + optionalSize, ".text", 0x1100, CodeAddress, 0x1200, CodeOffset, 0x60000020);
        Section(optional + optionalSize + 40, ".rdata", 0x700, DataAddress, 0x800, DataOffset, 0x40000040);

        // The export directory: one table of addresses, and its name. The import directory: one library.
        Put32(At(DataAddress + 12), DataAddress + 0x60);
        Put32(At(DataAddress + 20), 1);
        Ascii(At(DataAddress + 0x60), Name);
        Put32(At(DataAddress + 0x100 + 12), DataAddress + 0x180);
        Ascii(At(DataAddress + 0x180), "KERNEL32.dll");

        // The debug directory: type 2, size, address, place in the file. The record: RSDS, GUID, age, path.
        int debug = At(DataAddress + 0x200);
        Put32(debug + 12, 2);
        Put32(debug + 16, (uint)(24 + PdbPath.Length + 1));
        Put32(debug + 20, DataAddress + 0x240);
        Put32(debug + 24, DataOffset + 0x240);
        Ascii(At(DataAddress + 0x240), "RSDS");
        Guid.TryWriteBytes(File.AsSpan(At(DataAddress + 0x244)));
        Put32(At(DataAddress + 0x254), Age);
        Ascii(At(DataAddress + 0x258), PdbPath);
    }

    /// <summary>The GUID and the age as symbol servers write them.</summary>
    public static string BuildId => "3844DBB920174967BE7AA4A2C20430FA2B";

    public byte[] File { get; }

    /// <summary>Where the optional header starts in the file.</summary>
    public int OptionalHeader => _newHeader + 24;

    /// <summary>Puts it into a space as a loader does.</summary>
    public void Load(ImageSpace space, ulong address, bool user = true, Rights? all = null)
    {
        space.Put(address, File.AsSpan(0, (int)CodeOffset), all ?? Rights.Read, user);
        space.Put(address + CodeAddress, File.AsSpan((int)CodeOffset, 0x1100), all ?? (Rights.Read | Rights.Execute), user);
        space.Put(address + DataAddress, File.AsSpan((int)DataOffset, 0x700), all ?? Rights.Read, user);
    }

    private static int At(uint relative) => (int)(relative - DataAddress + DataOffset);

    private void Directory(int directories, int index, uint address, uint size)
    {
        Put32(directories + (index * 8), address);
        Put32(directories + (index * 8) + 4, size);
    }

    private void Section(int at, string name, uint virtualSize, uint address, uint rawSize, uint offset, uint characteristics)
    {
        Ascii(at, name);
        Put32(at + 8, virtualSize);
        Put32(at + 12, address);
        Put32(at + 16, rawSize);
        Put32(at + 20, offset);
        Put32(at + 36, characteristics);
    }

    private void Ascii(int at, string text) => Encoding.ASCII.GetBytes(text).CopyTo(File, at);

    private void Put16(int at, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(File.AsSpan(at), value);

    private void Put32(int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(File.AsSpan(at), value);
}
