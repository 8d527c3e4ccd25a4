// node sign_token.mjs ALGORITHM KEY_FILE CLAIMS: prints a JSON Web Token as jose makes it; the key is a private one in PEM
// format, or for HS256 the file's text.
import { readFileSync } from 'node:fs';
import { importPKCS8, SignJWT } from 'jose';

const [algorithm, keyFile, claims] = process.argv.slice(2);
const text = readFileSync(keyFile, 'utf8');
const key = algorithm.startsWith('HS') ? new TextEncoder().encode(text.trim()) : await importPKCS8(text, algorithm);
const token = new SignJWT(JSON.parse(claims)).setProtectedHeader({ alg: algorithm, typ: 'JWT', kid: 'test' });
process.stdout.write(await token.sign(key));
