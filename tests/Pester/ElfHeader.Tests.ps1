BeforeAll {
    . $PSScriptRoot/Common.ps1
    function New-File([string]$Name, [byte[]]$Bytes, [long]$Size = 0) {
        $path = "$TestDrive/$Name"
        [IO.File]::WriteAllBytes($path, $Bytes)
        if ($Size) {
            $file = [IO.File]::OpenWrite($path)
            $file.SetLength($Size)
            $file.Dispose()
        }

        $path
    }
}

Describe 'Get-ElfHeader on files of this system' -Skip:(-not $IsLinux) {
    It 'reads /bin/sh' {
        $header = Get-ElfHeader /bin/sh -WarningVariable warnings
        $header | Should -BeOfType ElfMmu.Elf.ElfHeader
        $header.Class | Should -Be ([IntPtr]::Size -eq 8 ? 'Elf64' : 'Elf32')
        $header.Type | Should -BeIn 'Executable', 'Dynamic', 'SharedObject'
        $header.EntryPoint | Should -BeOfType [ulong]
        $header.EntryPoint | Should -BeGreaterThan 0
        $header.ProgramHeaderCount | Should -BeGreaterThan 1
        $header.Path | Should -Be '/bin/sh'
        $warnings | Should -BeNullOrEmpty
    }

    It 'says what readelf says of /bin/sh' -Skip:(-not (Get-Command readelf -ErrorAction Ignore)) {
        $header = Get-ElfHeader /bin/sh
        $text = readelf -hW /bin/sh | Out-String
        $text | Should -Match ('Entry point address:\s+0x{0:x}\n' -f $header.EntryPoint)
        $text | Should -Match "Number of program headers:\s+$($header.ProgramHeaderCount)\n"
        $text | Should -Match "Number of section headers:\s+$($header.SectionHeaderCount)\n"
        $text | Should -Match "Machine:\s+$([regex]::Escape($header.MachineDescription))\n"
    }

    It 'reads PowerShell''s own libraries by a wildcard' {
        $headers = Get-ElfHeader "$PSHOME/*.so" -WarningVariable warnings
        $headers.Count | Should -Be (Get-ChildItem "$PSHOME/*.so").Count
        $headers.TypeName | Select-Object -Unique | Should -Be 'ET_DYN'
        $warnings | Should -BeNullOrEmpty
    }

    It 'reads files from the pipeline, whatever their names' {
        $path = New-File 'a [1].elf' (New-ElfHeader)
        Get-Item -LiteralPath $path | Get-ElfHeader | ForEach-Object Path | Should -Be $path
        (Get-ElfHeader -LiteralPath $path).Path | Should -Be $path
        Get-ChildItem "$PSHOME/*.so" | Get-ElfHeader | Should -Not -BeNullOrEmpty
    }
}

Describe 'Get-ElfHeader on headers made here' {
    It 'reads a <Bits>-bit header of a <Machine>, big-endian: <Big>' -ForEach @(
        @{ Bits = 64; Big = $false; Machine = 'EM_X86_64'; Number = 62 }
        @{ Bits = 64; Big = $true; Machine = 'EM_PPC64'; Number = 21 }
        @{ Bits = 32; Big = $false; Machine = 'EM_386'; Number = 3 }
        @{ Bits = 32; Big = $true; Machine = 'EM_MIPS'; Number = 8 }) {
        $path = New-File header.elf (New-ElfHeader -Bits $Bits -BigEndian:$Big -Machine $Number -Type 2 -Entry 0x12345678)
        $header = Get-ElfHeader $path -WarningAction Ignore
        $header.Class | Should -Be "Elf$Bits"
        $header.Data | Should -Be ($Big ? 'BigEndian' : 'LittleEndian')
        $header.MachineName | Should -Be $Machine
        $header.TypeName | Should -Be 'ET_EXEC'
        $header.EntryPoint | Should -Be 0x12345678
        $header.HeaderSize | Should -Be ($Bits -eq 64 ? 64 : 52)
        $header.ProgramHeaderEntrySize | Should -Be ($Bits -eq 64 ? 56 : 32)
    }

    It 'names a machine''s flags' {
        (Get-ElfHeader (New-File mips.elf (New-ElfHeader -Bits 32 -BigEndian -Machine 8 -Flags 0x70001007)) -WarningAction Ignore).FlagNames |
            Should -Not -BeNullOrEmpty
    }

    It 'finds the count behind PN_XNUM, <Bits> bits' -ForEach @{ Bits = 64 }, @{ Bits = 32 } {
        $size = $Bits -eq 64 ? 64 : 52
        $bytes = [byte[]]::new($size + 64)
        (New-ElfHeader -Bits $Bits -Machine ($Bits -eq 64 ? 62 : 3) -SegmentOffset 4096 -SegmentCount 0xffff -SectionOffset $size -SectionCount 1).CopyTo($bytes, 0)
        [BitConverter]::GetBytes([uint]70000).CopyTo($bytes, $size + ($Bits -eq 64 ? 44 : 28))
        $header = Get-ElfHeader (New-File xnum.elf $bytes (4096 + 70000 * 56)) -WarningVariable warnings
        $header.ProgramHeaderCountField | Should -Be 0xffff
        $header.ProgramHeaderCount | Should -Be 70000
        $warnings | Should -BeNullOrEmpty
    }

    It 'warns of what is wrong: <Name>' -ForEach @(
        @{ Name = 'no section 0 behind PN_XNUM'; Header = @{ SegmentOffset = 64; SegmentCount = 0xffff }; Expected = 'PN_XNUM' }
        @{ Name = 'a table outside the file'; Header = @{ SegmentOffset = 0x10000; SegmentCount = 3 }; Expected = 'e_phoff' }
        @{ Name = 'no such machine'; Header = @{ Machine = 0x7777 }; Expected = 'e_machine is 0x7777' }
        @{ Name = 'no such type'; Header = @{ Type = 77 }; Expected = 'e_type is 0x4d' }) {
        $path = New-File wrong.elf (New-ElfHeader @Header)
        $result = Get-ElfHeader $path -WarningVariable warnings -WarningAction SilentlyContinue
        $result.Warnings -join "`n" | Should -Match $Expected
        $warnings -join "`n" | Should -Match $Expected
        "$($warnings[0])" | Should -Match ([regex]::Escape("${path}: "))
    }

    It 'warns of the header size that QEMU writes in the sample' {
        $header = Get-ElfHeader (Get-SampleDump) -WarningVariable warnings -WarningAction SilentlyContinue
        $header.TypeName | Should -Be 'ET_CORE'
        $header.ProgramHeaderCount | Should -Be 3
        "$warnings" | Should -Match 'e_ehsize is 8'
    }

    It 'lets go of the file' {
        $path = New-File unlocked.elf (New-ElfHeader)
        $null = Get-ElfHeader $path -WarningAction Ignore
        [IO.File]::Open($path, 'Open', 'ReadWrite', 'None').Dispose()
    }
}
